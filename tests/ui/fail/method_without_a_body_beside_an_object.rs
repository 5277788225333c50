use cached_core::memoize;

trait Weather {
    #[memoize]
    fn source(&self, city: &str) -> String;
}

struct Fixed;

impl Weather for Fixed {
    fn source(&self, city: &str) -> String {
        city.to_owned()
    }
}

fn main() {
    let all: Vec<Box<dyn Weather>> = vec![Box::new(Fixed)];
    all[0].source("Oslo");
}
