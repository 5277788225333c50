//! What can go wrong at the desk, in words for the person at the terminal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of the program. `Clone`, so that all who waited for the same failed load can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskError {
    /// The file at the database's path cannot serve as one; it has not been touched.
    Unusable {
        path: PathBuf,
        why: String,
    },
    /// A new database could not be written.
    NotBuilt {
        path: PathBuf,
        why: String,
    },
    UnknownAirport(String),
    NoFlights {
        origin: String,
        destination: String,
    },
    EmptyMonth(&'static str),
    /// The embedded data does not read as it should.
    Data {
        file: &'static str,
        line: usize,
        why: &'static str,
    },
    /// The cache and the function itself disagree, which must never happen.
    Different {
        function: &'static str,
        request: String,
    },
    Database(String),
    /// Standard output is gone or full.
    Output {
        closed: bool,
        why: String,
    },
}

impl DeskError {
    pub fn unusable(path: &Path, why: impl fmt::Display) -> Self {
        DeskError::Unusable { path: path.to_path_buf(), why: why.to_string() }
    }

    pub fn not_built(path: &Path, why: impl fmt::Display) -> Self {
        DeskError::NotBuilt { path: path.to_path_buf(), why: why.to_string() }
    }

    /// The reader went away, as in `flights | head`: nobody is left to hear a complaint.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, DeskError::Output { closed: true, .. })
    }
}

impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeskError::Unusable { path, why } => write!(
                f,
                "cannot use the database\n  {}\nIt {why}.\nIt was left as it is. Choose another with --database PATH; or remove it, if\n\
                 nobody needs it, to have it built anew.",
                path.display()
            ),
            DeskError::NotBuilt { path, why } => write!(
                f,
                "cannot build the database\n  {}\n{why}.\n\
                 Choose a place that can be written to with --database PATH.",
                path.display()
            ),
            DeskError::UnknownAirport(code) => write!(f, "no airport has the code {code:?}"),
            DeskError::NoFlights { origin, destination } => {
                write!(f, "no flight goes from {origin:?} to {destination:?}")
            }
            DeskError::EmptyMonth(month) => write!(f, "the data hold no flight of {month}"),
            DeskError::Data { file, line, why } => write!(f, "embedded {file}, line {line}: {why}"),
            DeskError::Different { function, request } => write!(
                f,
                "{function} gave two different answers to the same request: {request}.\n\
                 One of them came out of the cache, so the cache cannot be trusted."
            ),
            DeskError::Database(why) => write!(f, "the database reports: {why}"),
            DeskError::Output { why, .. } => write!(f, "cannot write the output: {why}"),
        }
    }
}

impl std::error::Error for DeskError {}

impl From<rusqlite::Error> for DeskError {
    fn from(error: rusqlite::Error) -> Self {
        DeskError::Database(error.to_string())
    }
}

/// Only the output is written through `io` without a path at hand, so a bare `io::Error` is about it.
impl From<io::Error> for DeskError {
    fn from(error: io::Error) -> Self {
        DeskError::Output { closed: error.kind() == io::ErrorKind::BrokenPipe, why: error.to_string() }
    }
}
