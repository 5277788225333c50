//! The manifest of the crate that is compiled: which other crates it names.

use std::cell::RefCell;
use std::path::PathBuf;

/// Whether the manifest names a crate that is called so in code. None is found where there is no manifest.
pub(super) fn depends_on(name: &str) -> bool {
    thread_local! {
        static LAST: RefCell<Option<(PathBuf, Vec<String>)>> = const { RefCell::new(None) };
    }
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR") else { return false };
    let file = PathBuf::from(folder).join("Cargo.toml");
    LAST.with_borrow_mut(|last| {
        if last.as_ref().is_none_or(|(known, _)| *known != file) {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            *last = Some((file, named(&text)));
        }
        last.as_ref().is_some_and(|(_, names)| names.iter().any(|own| own == name))
    })
}

/// The crates that a manifest names, as code does: its dependencies of all kinds, by whatever names they go.
fn named(text: &str) -> Vec<String> {
    let mut is_list = false;
    let mut found = Vec::new();
    let name = |text: &str| text.trim().trim_matches(['"', '\'']).replace('-', "_");
    for line in text.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.split(']').next().unwrap_or_default();
            is_list = table.ends_with("dependencies");
            if let Some((_, own)) = table.split_once("dependencies.") {
                found.push(name(own));
            }
        } else if is_list && !line.starts_with('#') {
            let end = line.find(['=', '.']).unwrap_or(0);
            found.push(name(&line[..end]));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_named_in_several_ways() {
        let text = "[package]\nname = \"own\"\n[dependencies]\n# no = \"1\"\none = \"1\"\n  two-b = { path = \"x\" }\n\
                    three.workspace = true\n\"four\" = \"1\"\n[dev-dependencies]\nfive = \"1\"\n\
                    [target.'cfg(unix)'.dependencies]\nsix = \"1\"\n[dependencies.seven]\nversion = \"1\"\n\
                    [features]\nno = []\n";
        assert_eq!(named(text), ["one", "two_b", "three", "four", "five", "six", "seven"]);
        assert!(depends_on("syn") && !depends_on("other"), "those of this crate");
    }
}
