//! What a `key = ..` works out, made into a part of a key.

use super::float::Float;

/// The value of a `key = expression`, made into a key part: references are turned into what owns them.
#[derive(Debug)]
pub struct Part<T>(pub T);

impl<T: ?Sized + ToOwned> Part<&T> {
    /// Owns it.
    pub fn own(self) -> T::Owned {
        self.0.to_owned()
    }
}

impl Part<f32> {
    /// Compares it by its bits.
    pub fn own(self) -> Float<f32> {
        Float(self.0)
    }
}

impl Part<f64> {
    /// Compares it by its bits.
    pub fn own(self) -> Float<f64> {
        Float(self.0)
    }
}

/// [`Part::own`] for all that is owned already.
pub trait OwnPart {
    /// The part.
    type Own;
    /// Gives it back.
    fn own(self) -> Self::Own;
}

impl<T> OwnPart for Part<T> {
    type Own = T;

    fn own(self) -> T {
        self.0
    }
}
