//! The desk's database: one `SQLite` file, checked before it is trusted.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::error::DeskError;

/// "FLGT": tells our files from those of other programs.
pub const APPLICATION_ID: u32 = 0x464C_4754;
/// To be raised with every change to the tables or the data in them.
pub const SCHEMA_VERSION: u32 = 1;

const HEADER_LENGTH: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// One connection, used from one thread. A parameter of this type is not part of any cache key.
pub struct Db {
    pub connection: Connection,
}

/// Row counts as noted when the file was built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contents {
    pub flights: usize,
    pub airports: usize,
}

impl Db {
    /// Opens and checks a file that exists.
    pub fn open(path: &Path) -> Result<(Db, Contents), DeskError> {
        check_header(path)?;
        let db = Db::connect(path)?;
        let contents = db.check().map_err(|error| match error {
            DeskError::Database(why) => DeskError::unusable(path, format!("is damaged: {why}")),
            DeskError::Unusable { why, .. } => DeskError::unusable(path, why),
            other => other,
        })?;
        Ok((db, contents))
    }

    /// A further connection to a file that [`Db::open`] has checked.
    pub fn connect(path: &Path) -> Result<Db, DeskError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|error| DeskError::unusable(path, format!("cannot be opened: {error}")))?;
        Ok(Db { connection })
    }

    fn check(&self) -> Result<Contents, DeskError> {
        let damaged = |why: String| DeskError::unusable(Path::new(""), format!("is damaged: {why}"));
        let verdict: String = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(damaged(verdict));
        }
        let contents = Contents { flights: self.counted("flights")?, airports: self.counted("airports")? };
        let found = Contents { flights: self.rows("flights")?, airports: self.rows("airports")? };
        if contents != found {
            return Err(damaged(format!(
                "it should hold {} flights and {} airports, but holds {} and {}",
                contents.flights, contents.airports, found.flights, found.airports
            )));
        }
        Ok(contents)
    }

    fn counted(&self, table: &str) -> Result<usize, DeskError> {
        let query = "SELECT row_count FROM contents WHERE table_name = ?1";
        Ok(self.connection.query_row(query, [table], |row| row.get(0))?)
    }

    fn rows(&self, table: &'static str) -> Result<usize, DeskError> {
        Ok(self.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    }
}

/// Looks at the first bytes only, and without `SQLite`: merely opening a stranger's database can already
/// write to it, for instance to roll back what its owner left unfinished.
fn check_header(path: &Path) -> Result<(), DeskError> {
    let unusable = |why: String| DeskError::unusable(path, why);
    let unreadable = |error: io::Error| unusable(format!("cannot be read: {error}"));

    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unusable(format!(
            "is {}",
            if metadata.is_dir() { "a folder" } else { "not a plain file" }
        )));
    }
    let mut header = Vec::with_capacity(HEADER_LENGTH);
    let limit = HEADER_LENGTH as u64;
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut header)).map_err(unreadable)?;
    if header.is_empty() {
        return Err(unusable("is empty".to_owned()));
    }
    if header.len() < HEADER_LENGTH || !header.starts_with(MAGIC) {
        return Err(unusable("is not an SQLite database".to_owned()));
    }
    // Fields of the SQLite file format, all big-endian.
    let field = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if field(68) != APPLICATION_ID {
        return Err(unusable("is an SQLite database of another program".to_owned()));
    }
    if field(60) != SCHEMA_VERSION {
        let found = field(60);
        return Err(unusable(format!("has schema version {found}, and this program reads {SCHEMA_VERSION}")));
    }
    let page_size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let expected = page_size * u64::from(field(28));
    if metadata.len() != expected {
        return Err(unusable(format!("is damaged: {} bytes long instead of {expected}", metadata.len())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(bytes: &[u8]) -> String {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), bytes).expect("the temporary file takes bytes");
        match check_header(file.path()) {
            Err(DeskError::Unusable { why, .. }) => why,
            other => panic!("accepted: {other:?}"),
        }
    }

    fn header(application: u32, version: u32, pages: u32) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.resize(4096, 0);
        header[16..18].copy_from_slice(&4096_u16.to_be_bytes());
        header[28..32].copy_from_slice(&pages.to_be_bytes());
        header[60..64].copy_from_slice(&version.to_be_bytes());
        header[68..72].copy_from_slice(&application.to_be_bytes());
        header
    }

    #[test]
    fn strangers_are_told_apart() {
        assert_eq!(why(b""), "is empty");
        assert_eq!(why(b"hello"), "is not an SQLite database");
        assert_eq!(why(&[b'x'; 500]), "is not an SQLite database");
        assert_eq!(why(&header(7, 1, 1)), "is an SQLite database of another program");
        assert_eq!(why(&header(APPLICATION_ID, 9, 1)), "has schema version 9, and this program reads 1");
        assert_eq!(why(&header(APPLICATION_ID, 1, 3)), "is damaged: 4096 bytes long instead of 12288");
    }

    #[test]
    fn a_folder_is_no_database() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = check_header(folder.path()).expect_err("a folder was accepted");
        assert!(error.to_string().contains("is a folder"), "{error}");
    }
}
