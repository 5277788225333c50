//! Builds the database from the embedded data, completely or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, params};

use crate::data::{self, AirportRow, Flight};
use crate::database::{APPLICATION_ID, Contents, Db, SCHEMA_VERSION};
use crate::error::DeskError;
use crate::progress;

/// The index is that of a departure board: everything that leaves one airport, in the order of time.
const SCHEMA: &str = "
    CREATE TABLE airports (
        code  TEXT PRIMARY KEY,
        name  TEXT NOT NULL,
        city  TEXT NOT NULL,
        state TEXT NOT NULL,
        lat   REAL NOT NULL,
        lon   REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE flights (
        id          INTEGER PRIMARY KEY,
        minute      INTEGER NOT NULL,
        delay       INTEGER NOT NULL,
        miles       INTEGER NOT NULL,
        origin      TEXT NOT NULL,
        destination TEXT NOT NULL
    );
    CREATE TABLE contents (table_name TEXT PRIMARY KEY, row_count INTEGER NOT NULL) WITHOUT ROWID;
";
const INDEX: &str = "CREATE INDEX board ON flights (origin, minute)";

/// Opens the database, after building it if there is none. The flag says whether it was built.
pub fn open_or_build(path: &Path) -> Result<(Db, Contents, bool), DeskError> {
    let missing = !path
        .try_exists()
        .map_err(|error| DeskError::unusable(path, format!("cannot be reached: {error}")))?;
    if missing {
        build(path)?;
    }
    let (db, contents) = Db::open(path)?;
    Ok((db, contents, missing))
}

/// The file under construction. Unless it is renamed, nothing of it stays.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove; before it, a failure to tidy up must not hide
        // the failure that led here.
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes beside the final path and renames at the end, so that an interrupted run leaves no half database
/// that a later one would have to distrust.
fn build(path: &Path) -> Result<(), DeskError> {
    let Some(name) = path.file_name() else {
        return Err(DeskError::not_built(path, "This is not the name of a file"));
    };
    let mut draft_name = OsString::from(".");
    draft_name.push(name);
    draft_name.push(format!(".{}.part", std::process::id()));
    let draft_path = path.with_file_name(draft_name);

    // Created by hand, because the operating system explains a refusal better than SQLite does.
    let file = File::create(&draft_path).map_err(|error| {
        DeskError::not_built(path, format!("Its folder does not take a new file: {error}"))
    })?;
    let draft = Draft(draft_path);
    fill(&draft.0).map_err(|error| match error {
        DeskError::Database(why) => DeskError::not_built(path, format!("SQLite reports: {why}")),
        other => other,
    })?;
    file.sync_all()
        .and_then(|()| fs::rename(&draft.0, path))
        .map_err(|error| DeskError::not_built(path, format!("It could not be put in place: {error}")))
}

fn fill(path: &Path) -> Result<(), DeskError> {
    let flights = data::flights()?;
    let airports = data::airports()?;
    let mut connection = Connection::open(path)?;
    // A draft that fails is thrown away, so it needs neither a journal nor a sync per transaction.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;

    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    insert_all(&transaction, &flights, &airports)?;
    transaction.execute_batch(INDEX)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn insert_all(
    transaction: &Transaction<'_>,
    flights: &[Flight],
    airports: &[AirportRow],
) -> Result<(), DeskError> {
    let bar = progress::bar("building the database", flights.len() + airports.len());
    let mut insert = transaction.prepare("INSERT INTO airports VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for row in airports {
        insert.execute(params![row.code, row.name, row.city, row.state, row.lat, row.lon])?;
        bar.inc(1);
    }
    let mut insert = transaction.prepare("INSERT INTO flights VALUES (NULL, ?1, ?2, ?3, ?4, ?5)")?;
    for row in flights {
        insert.execute(params![row.minute, row.delay, row.miles, row.origin, row.destination])?;
        bar.inc(1);
    }
    let mut insert = transaction.prepare("INSERT INTO contents VALUES (?1, ?2)")?;
    insert.execute(params!["flights", flights.len()])?;
    insert.execute(params!["airports", airports.len()])?;
    bar.finish_and_clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_time_it_is_opened_and_not_built() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("flights.sqlite");
        let (_, contents, built) = open_or_build(&path).expect("a new database");
        assert_eq!((contents, built), (Contents { flights: 20_000, airports: 3_376 }, true));
        let (_, again, built) = open_or_build(&path).expect("the same database");
        assert_eq!((again, built), (contents, false));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder is there").count(), 1);
    }

    #[test]
    fn a_missing_folder_is_explained() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error =
            open_or_build(&folder.path().join("none/flights.sqlite")).err().expect("there is no folder");
        assert!(matches!(&error, DeskError::NotBuilt { why, .. } if why.contains("folder")), "{error}");
    }
}
