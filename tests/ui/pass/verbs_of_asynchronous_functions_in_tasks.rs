//! What verbs of asynchronous functions return can be awaited in tasks, whatever their functions are lent.
#![deny(warnings)]
use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use cached_core::{Warm, memoize};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(u64);

#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
}

#[memoize]
pub async fn of_owned(id: UserId, text: String) -> Result<User, String> {
    std::future::ready(()).await;
    if text.is_empty() { Err(text) } else { Ok(User { id }) }
}

#[memoize]
pub async fn of_text(text: &str, n: u32) -> Option<Arc<str>> {
    std::future::ready(()).await;
    text.get(n as usize..).map(Arc::from)
}

#[memoize(ttl = 60s, max = 100)]
pub async fn of_parts(names: &[&str], more: Option<&str>, last: Cow<'_, str>) -> HashMap<String, usize> {
    std::future::ready(()).await;
    let all = names.iter().copied().chain(more).chain([&*last]);
    all.map(|name| (name.to_owned(), name.len())).collect()
}

#[memoize]
async fn of_nothing() {}

trait Fetch {
    fn fetch(&self, text: &str) -> impl Future<Output = Option<Arc<str>>> + Send;
    fn boxed<'a>(&'a self, text: &'a str) -> Pin<Box<dyn Future<Output = Option<Arc<str>>> + Send + 'a>>;
}

impl Fetch for u32 {
    async fn fetch(&self, text: &str) -> Option<Arc<str>> {
        for part in text.split(' ').map(str::trim) {
            of_text::refresh(part, *self).await;
        }
        of_text::uncached(text, *self).await
    }

    fn boxed<'a>(&'a self, text: &'a str) -> Pin<Box<dyn Future<Output = Option<Arc<str>>> + Send + 'a>> {
        Box::pin(async move { of_text::refresh(text, *self).await.or(of_text(text, 1).await) })
    }
}

fn spawn<F: Future + Send + 'static>(future: F) {
    drop(future);
}

fn main() {
    spawn(async {
        let _ = of_owned::refresh(UserId(1), "a".to_owned()).await;
        let _ = of_owned::uncached(UserId(1), "a".to_owned()).await;
        let keys = [(UserId(1), "a".to_owned())];
        assert_eq!(of_owned::warm(keys.clone()).await, 1);
        let _ = of_owned::warm_with(keys, Warm::new().at_once(2)).await;
        let _ = of_owned(UserId(2), String::new()).await;
    });
    spawn(async {
        let own = String::from("text");
        let _ = of_text::refresh(&own, 1).await;
        let _ = of_text::warm(vec![(own.clone(), 1)]).await;
        let how = Warm::new().progress(|done, total| assert!(done <= total));
        let _ = of_text::warm_with(vec![(own.clone(), 1)], how).await;
        let _ = (of_text(&own, 2).await, 3_u32.fetch(&own).await, 3_u32.boxed(&own).await);
    });
    spawn(async {
        let own = String::from("text");
        let _ = of_parts::refresh(&[&own], Some(&own), Cow::Borrowed(&own)).await;
        let _ = of_parts::uncached(&[&own], None, Cow::Borrowed(&own)).await;
        of_parts::invalidate(&[&own], None, Cow::Borrowed(&own));
    });
    spawn(of_owned::warm([]));
    spawn(of_text::refresh("text", 1));
    spawn(async { of_nothing().await; of_nothing::refresh().await });
    of_text::insert("text", 1, Some("ext".into()));
    assert_eq!(of_text::peek("text", 1), Some(Some("ext".into())));
}
