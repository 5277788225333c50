//! A shop whose caches are watched: Prometheus text over HTTP, for the dashboard in `examples/grafana`.
//!
//! Without `--listen` it serves on a free port, works for a moment, scrapes itself once and ends.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cached_core::{memoize, metrics, registry};
use clap::Parser;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Memoized functions under load, and what they count as Prometheus text.
#[derive(Parser)]
#[command(name = "monitor")]
struct Arguments {
    /// Serve on this address until stopped, such as 127.0.0.1:9184
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// How many requests each of the two threads makes before the scrape
    #[arg(long, value_name = "N", default_value_t = 4_000)]
    requests: u64,
}

/// Too small for what it is asked for.
#[memoize(name = "price", max = 200, policy = lru)]
fn price(id: u64) -> u64 {
    thread::sleep(Duration::from_micros(100)); // a query
    id * 100
}

/// Changes all the time.
#[memoize(name = "stock", ttl = 50ms)]
fn stock(id: u64) -> u64 {
    thread::sleep(Duration::from_micros(300));
    id + 1
}

/// Fails now and then.
#[memoize(name = "rate")]
fn rate(currency: &str, request: u64) -> Result<u64, String> {
    thread::sleep(Duration::from_millis(1));
    if request.is_multiple_of(7) { Err(format!("no rate of {currency}")) } else { Ok(request) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let seconds = [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 1e-2, 0.1, 1.0];
    let exporter = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("cache_load_duration_seconds".to_owned()), &seconds)?
        .install_recorder()?;
    let listener = TcpListener::bind(arguments.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))))?;
    let address = listener.local_addr()?;
    println!("serving http://{address}/metrics");
    thread::spawn(move || serve(&listener, &exporter));

    let stop = Arc::new(AtomicBool::new(arguments.listen.is_none()));
    let shops: Vec<_> = (1..=2)
        .map(|seed| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || shop(seed, arguments.requests, &stop))
        })
        .collect();
    for shop in shops {
        shop.join().map_err(|_| "a thread of the shop panicked")?;
    }
    println!("scraped:\n");
    for line in scrape(address)?.lines().filter(|line| line.contains("cache_")) {
        println!("{line}");
    }
    println!("\nthe same by registry::report():\n\n{}", registry::report());
    Ok(())
}

/// Makes so many requests, and goes on until it is to stop.
fn shop(seed: u64, requests: u64, stop: &AtomicBool) {
    let mut chance = seed;
    for request in 1.. {
        // By xorshift; small numbers more often than large ones.
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let id = (chance % 300) * (chance / 300 % 300) / 300;
        price(id);
        stock(id % 20);
        // A failure is told to the customer; the next request tries again.
        drop(rate(["EUR", "CHF", "GBP"][(id % 3) as usize], request / 1_000));
        if request >= requests && stop.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// Answers every request with what there is to be known.
fn serve(listener: &TcpListener, exporter: &PrometheusHandle) {
    for stream in listener.incoming().flatten() {
        metrics::publish();
        exporter.run_upkeep();
        // Who asks may have gone.
        drop(answer(stream, &exporter.render()));
    }
}

fn answer(mut stream: TcpStream, text: &str) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut head = BufReader::new(stream.try_clone()?).take(16_384);
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let length = text.len();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    )
}

fn scrape(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let text = answer.split_once("\r\n\r\n").map(|(_, text)| text.to_owned());
    text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no answer to the scrape"))
}
