//! The source: a server on this machine that answers, fails or stalls, as its schedule says.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tiny_http::{Response, Server};

/// How the service is for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Well,
    Down,
    Stalls,
}

/// Milliseconds from the beginning at which a state ends.
pub(crate) const SCHEDULE: [(u64, State); 5] = [
    (1500, State::Well),
    (3000, State::Down),
    (4000, State::Well),
    (5200, State::Stalls),
    (6500, State::Well),
];
pub(crate) const END: Duration = Duration::from_millis(SCHEDULE[SCHEDULE.len() - 1].0);
/// How long an answer takes where all is well, and where the service stalls.
const WELL: Duration = Duration::from_millis(30);
const STALLED: Duration = Duration::from_millis(900);
/// How many requests are answered at a time.
const HANDS: usize = 24;

pub(crate) fn schedule() -> String {
    let mut from = 0;
    let mut words = Vec::new();
    for (until, state) in SCHEDULE {
        let what = match state {
            State::Well => format!("answers in {} ms", WELL.as_millis()),
            State::Down => "fails".to_owned(),
            State::Stalls => format!("stalls for {} ms", STALLED.as_millis()),
        };
        words.push(format!("{:.1} to {:.1} s: {what}", from as f64 / 1e3, until as f64 / 1e3));
        from = until;
    }
    format!("The weather service, {}.", words.join("; "))
}

/// A server, until it is dropped.
pub(crate) struct Station {
    server: Arc<Server>,
    begun: Instant,
    requests: Arc<AtomicU64>,
}

impl Station {
    pub(crate) fn open() -> io::Result<Self> {
        let server = Server::http("127.0.0.1:0").map_err(io::Error::other)?;
        let station = Self { server: Arc::new(server), begun: Instant::now(), requests: Arc::default() };
        for _ in 0..HANDS {
            let (server, requests) = (Arc::clone(&station.server), Arc::clone(&station.requests));
            let begun = station.begun;
            thread::Builder::new().name("station".to_owned()).spawn(move || {
                for request in server.incoming_requests() {
                    requests.fetch_add(1, Ordering::Relaxed);
                    let (state, measured) = (state(begun.elapsed()), begun.elapsed());
                    thread::sleep(if state == State::Stalls { STALLED } else { WELL });
                    let answer = match state {
                        State::Down => Response::from_string("out of order").with_status_code(503),
                        _ => Response::from_string(measured.as_millis().to_string()),
                    };
                    // Whoever asked may have gone.
                    let _ = request.respond(answer);
                }
            })?;
        }
        Ok(station)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.server_addr().to_ip().expect("it listens at an address of the network")
    }

    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        (0..HANDS).for_each(|_| self.server.unblock());
    }
}

fn state(at: Duration) -> State {
    let at = at.as_millis();
    SCHEDULE.iter().find(|(until, _)| at < u128::from(*until)).map_or(State::Well, |(_, state)| *state)
}
