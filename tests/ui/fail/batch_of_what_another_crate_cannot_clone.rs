//! Keys and answers of a batch that lack what nobody sees: told once, whoever speaks of them besides.

use std::collections::HashMap;
use std::fs::File;

use cached_core::memoize;

#[memoize(batch)]
fn sizes(files: &[File]) -> Vec<u64> {
    vec![0; files.len()]
}

#[memoize(batch, max_batch = 10)]
async fn sizes_by_file(files: &[File]) -> HashMap<File, u64> {
    let _ = files;
    HashMap::new()
}

#[memoize(batch)]
fn opened(names: &[String]) -> Vec<File> {
    names.iter().map(|name| File::open(name).unwrap()).collect()
}

fn main() {
    sizes::invalidate_if(|file, _| file.metadata().is_ok());
    sizes::warm([File::open("a").unwrap()]);
    sizes_by_file::insert(File::open("a").unwrap(), None);
    opened::insert("a".to_owned(), File::open("a").unwrap());
}
