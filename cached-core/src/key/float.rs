//! Floats as keys.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A float as a key: compared and hashed by its bits, with `-0.0` equal to `0.0` and every NaN equal to every other.
#[derive(Clone, Copy, Default)]
pub struct Float<T>(pub T);

/// `f32` and `f64`.
pub trait FloatBits: Copy + Send + Sync + 'static {
    /// The same for all values that count as equal, different for all others.
    fn key_bits(self) -> u64;
}

impl FloatBits for f32 {
    #[inline]
    fn key_bits(self) -> u64 {
        // Adding zero turns -0.0 into 0.0 and changes nothing else.
        u64::from(if self.is_nan() { Self::NAN } else { self + 0.0 }.to_bits())
    }
}

impl FloatBits for f64 {
    #[inline]
    fn key_bits(self) -> u64 {
        if self.is_nan() { Self::NAN } else { self + 0.0 }.to_bits()
    }
}

impl<T: FloatBits> PartialEq for Float<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.key_bits() == other.0.key_bits()
    }
}

impl<T: FloatBits> Eq for Float<T> {}

impl<T: FloatBits> Hash for Float<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key_bits().hash(state);
    }
}

impl<T> From<T> for Float<T> {
    fn from(float: T) -> Self {
        Self(float)
    }
}

impl<T: fmt::Debug> fmt::Debug for Float<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Float<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_compared_by_bits() {
        assert_eq!(Float(0.0_f64), Float(-0.0));
        assert_eq!(Float(f64::NAN), Float(-f64::NAN));
        assert_eq!(Float(f32::NAN), Float(f32::from_bits(0x7fc0_1234)));
        assert_ne!(Float(1.0_f64), Float(1.0 + f64::EPSILON));
        assert_ne!(Float(f32::INFINITY), Float(f32::NEG_INFINITY));
    }
}
