//! The program, five times: one body, and each time other options.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use cached_core::memoize;

/// A program: its options, and how it is asked for the weather of a town.
pub(crate) struct Program {
    options: &'static str,
    pub(crate) weather: fn(u32) -> Result<Measured, String>,
}

impl Program {
    /// Its options, on one line.
    pub(crate) fn options(&self) -> String {
        self.options.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// When the weather was measured, on the station's clock. (What it was nobody here wants to know.)
pub(crate) type Measured = Duration;

static STATIONS: OnceLock<Vec<SocketAddr>> = OnceLock::new();

pub(crate) fn set_stations(stations: Vec<SocketAddr>) {
    STATIONS.set(stations).expect("stations are set once");
}

fn ask(station: usize, town: u32) -> Result<Measured, String> {
    let address = STATIONS.get().expect("stations are set before anybody asks")[station];
    let mut answer =
        ureq::get(format!("http://{address}/weather/{town}")).call().map_err(|error| error.to_string())?;
    let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
    text.parse().map(Duration::from_millis).map_err(|_| format!("`{text}` is no weather"))
}

macro_rules! programs {
    ($($name:ident($station:literal): [$($options:tt)*],)*) => {
        $(
            #[memoize($($options)*)]
            fn $name(town: u32) -> Result<Measured, String> {
                ask($station, town)
            }
        )*

        pub(crate) const PROGRAMS: &[Program] =
            &[$(Program { options: stringify!($($options)*), weather: $name },)*];
    };
}

programs! {
    plain(0): [ttl = 400ms],
    spread(1): [ttl = 400ms, jitter = 0.4],
    ahead(2): [ttl = 400ms, refresh_after = 200ms],
    old_if_down(3): [ttl = 400ms, stale_if_error = 10s, retry_after = 100ms],
    all(4): [ttl = 400ms, jitter = 0.4, refresh_after = 200ms, stale_if_error = 10s, retry_after = 100ms, soft_timeout = 5ms],
}
