use cached_core::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Matrix<const N: usize>([u8; N]);

trait Sum {
    fn sum(&self) -> u32;
}

#[memoize]
impl<const N: usize> Sum for Matrix<N> {
    #[memoize]
    fn sum(&self) -> u32 {
        self.0.iter().map(|&one| u32::from(one)).sum()
    }
}

fn main() {
    let matrix = Matrix([1, 2]);
    matrix.sum();
    matrix.sum_uncached();
    Matrix::<2>::sum_cache().clear();
}
