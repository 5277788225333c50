//! A float may have another name, in whatever it is wrapped; and an error may stay on its thread.
use cached_core::memoize;
use std::rc::Rc;

type Point = (f64, f64);
type Path = Vec<Point>;
type Colour = [f32; 3];

mod places {
    pub type Line = Vec<(f64, f64)>;
    pub type Height = f32;
}

#[memoize]
fn distance(from: Point) -> f64 {
    from.0.hypot(from.1)
}

#[memoize]
fn length(of: &Path, least: &Point) -> f64 {
    of.iter().map(|point| point.0).sum::<f64>() + least.0
}

struct Map(u8);

impl Map {
    #[memoize(skip(self))]
    fn height(&self, at: Point) -> f64 {
        at.0 + f64::from(self.0)
    }
}

#[memoize]
fn parsed(word: &str) -> Result<u32, Rc<str>> {
    word.parse().map_err(|_| word.into())
}

#[memoize]
fn highest(along: &places::Line, least: Option<places::Height>, at: &[Point]) -> usize {
    along.len() + at.len() + usize::from(least.is_some())
}

#[memoize]
fn brightness(of: Colour, to: Vec<[Colour; 2]>) -> f32 {
    of[0] + to.len() as f32
}

fn main() {
    assert_eq!(brightness([1.0, 0.5, 0.5], vec![]), 1.0);
    assert!(brightness::invalidate([1.0, 0.5, 0.5], vec![]));
    assert_eq!(highest(&vec![(1.0, 2.0)], Some(1.0), &[(0.5, 0.5)]), 3);
    assert!(highest::contains(&vec![(1.0, 2.0)], Some(1.0), &[(0.5, 0.5)]));
    assert_eq!(distance((3.0, 4.0)) + distance((3.0, 4.0)), 10.0);
    assert_eq!(distance::cache_info().hits, 1);
    assert!(distance::invalidate((3.0, 4.0)) && !distance::contains((3.0, 4.0)));
    assert_eq!(length(&vec![(1.0, 0.0)], &(1.0, 0.0)), 2.0);
    assert_eq!(length::peek(&vec![(1.0, 0.0)], &(1.0, 0.0)), Some(2.0));
    assert_eq!(Map(1).height((1.0, 2.0)), 2.0);
    assert_eq!((parsed("7"), parsed("x")), (Ok(7), Err("x".into())));
    assert!(parsed::contains("7") && !parsed::contains("x"));
}
