use cached_core::memoize;

struct Page {
    words: Vec<String>,
}

impl Page {
    #[memoize(skip(self))]
    fn long(&self, than: usize) -> impl Iterator<Item = &String> {
        self.words.iter().filter(move |word| word.len() > than)
    }
}

#[memoize]
async fn evens(below: u32) -> impl Iterator<Item = u32> {
    (0..below).filter(|n| n % 2 == 0)
}

async fn count() -> usize {
    evens::uncached(9).await.count() + evens::refresh(9).await.count()
}

fn main() {
    let page = Page { words: Vec::new() };
    assert_eq!(page.long_uncached(2).count(), 0);
    let _ = count();
}
