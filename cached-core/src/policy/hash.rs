//! Hashes made from the one hash a policy is given, where it needs independent ones, and small random numbers.

/// Two rounds of multiply and xorshift: every bit of the result depends on every bit of `hash`.
/// (Constants of splitmix64, Steele et al. 2014.)
#[inline]
pub const fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// 32 bits of a hash that is well mixed already, in which all its bits have a say, so that it does no harm if the
/// engine chose the shard by some of them. Independent for each odd `factor`.
#[inline]
pub(crate) const fn spread(hash: u64, factor: u64) -> u32 {
    (hash.wrapping_mul(factor) >> 32) as u32
}

/// Factors for [`spread`] (two of L'Ecuyer's, 1999).
pub(crate) const FACTORS: [u64; 2] = [0xd134_2543_de82_ef95, 0xaf25_1af3_b0f0_25b5];

/// A place below `len` by 32 bits: any length will do, where a mask would need a power of two.
#[inline]
pub(crate) const fn scale(bits: u32, len: usize) -> usize {
    ((bits as u64 * len as u64) >> 32) as usize
}

/// xorshift32 (Marsaglia 2003): for choices that need no quality, the same on every run.
#[derive(Debug)]
pub(crate) struct Dice(u32);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // Never zero, where it would stay.
        Self((0x9e37_79b9 ^ mix(seed) as u32).max(1))
    }

    /// A number below `sides`, which is neither zero nor near 2^32 (its numbers would not be alike).
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        u64::from(self.0) % sides
    }
}
