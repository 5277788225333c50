#!/usr/bin/env python3
"""Turn two files of the npm package `vega-datasets` into the data of the `flights` example.

    python3 convert.py flights-20k.json airports.csv OUTPUT_FOLDER

Writes `flights.csv` and `airports.tsv`; see README.md beside this script. It stops with a message
when the source does not look as expected, instead of writing something subtly different.
"""

import csv
import json
import sys
from datetime import datetime
from pathlib import Path

EPOCH = datetime(2001, 1, 1)
FLIGHT_FIELDS = {"date", "delay", "distance", "origin", "destination"}


def read_flights(path):
    flights = []
    for number, row in enumerate(json.loads(Path(path).read_text(encoding="utf-8")), start=1):
        if set(row) != FLIGHT_FIELDS:
            sys.exit(f"{path}: row {number} has the fields {sorted(row)}")
        age = datetime.strptime(row["date"], "%Y/%m/%d %H:%M") - EPOCH
        minute = age.days * 1440 + age.seconds // 60
        flights.append((minute, int(row["delay"]), int(row["distance"]), row["origin"], row["destination"]))
    # The sort is stable, so rows of the same minute stay in the order of the source.
    flights.sort(key=lambda flight: flight[0])
    return flights


def read_airports(path):
    with open(path, encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    airports = []
    for row in rows:
        texts = [row["iata"], row["name"], row["city"], row["state"]]
        # The source writes "NA" where a city or a state is not known.
        texts[2:] = ["" if text == "NA" else text for text in texts[2:]]
        if any("\t" in text or "\n" in text for text in texts):
            sys.exit(f"{path}: {row['iata']} holds a tab or a line break")
        # Five decimals are about one metre.
        places = [f"{float(row[axis]):.5f}" for axis in ("latitude", "longitude")]
        airports.append(texts + places)
    return airports


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    flights, airports = read_flights(sys.argv[1]), read_airports(sys.argv[2])
    known = {airport[0] for airport in airports}
    if len(known) != len(airports):
        sys.exit("an airport code occurs twice")
    missing = {code for flight in flights for code in flight[3:]} - known
    if missing:
        sys.exit(f"airports without an entry: {sorted(missing)}")

    folder = Path(sys.argv[3])
    with open(folder / "flights.csv", "w", encoding="utf-8", newline="\n") as out:
        out.write("gap,delay,miles,origin,destination\n")
        before = 0
        for minute, delay, miles, origin, destination in flights:
            out.write(f"{minute - before},{delay},{miles},{origin},{destination}\n")
            before = minute
    with open(folder / "airports.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("iata\tname\tcity\tstate\tlat\tlon\n")
        for airport in airports:
            out.write("\t".join(airport) + "\n")
    print(f"{len(flights)} flights, {len(airports)} airports")


if __name__ == "__main__":
    main()
