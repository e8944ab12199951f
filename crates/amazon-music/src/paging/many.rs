//! Many lists concurrently.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use crate::{
    error::{Error, ErrorKind},
    operation::ListOperation,
    paging::{items::Items, list::List},
};

/// Reads many lists, up to `concurrency` (at least 1) at a time.
///
/// The stream yields each item with the index of its list. The items of one list keep their order; those
/// of different lists are interleaved as they arrive. A list is started when another one ends. After a
/// 429 all of them share the learned rate.
///
/// An error other than [`ErrorKind::Item`] and [`ErrorKind::Changed`] ends its own list and no other.
/// Dropping the stream cancels all requests.
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// use futures_util::StreamExt as _;
///
/// let categories = music.categories().items().collect_all().await?;
/// let lists = categories.iter().map(|category| music.category_albums(&category.id));
/// let mut albums = amazon_music::many(lists.collect::<Vec<_>>(), 8);
/// while let Some((list, album)) = albums.next().await {
///     println!("{} {}", categories[list].id, album?.id);
/// }
/// # Ok(())
/// # }
/// ```
pub fn many<O, I>(lists: I, concurrency: usize) -> Many<O, I::IntoIter>
where
    O: ListOperation,
    I: IntoIterator<Item = List<O>>,
{
    Many {
        lists: lists.into_iter(),
        begun: 0,
        concurrency: concurrency.max(1),
        under_way: VecDeque::new(),
    }
}

/// A stream over the items of many lists, returned by [`many`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Many<O: ListOperation, I> {
    lists: I,
    /// Number of lists started, which is the index of the next one.
    begun: usize,
    concurrency: usize,
    under_way: VecDeque<(usize, Items<O>)>,
}

impl<O, I> Stream for Many<O, I>
where
    O: ListOperation,
    I: Iterator<Item = List<O>> + Unpin,
{
    type Item = (usize, Result<O::Item, Error>);

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        // Polls each list once; a list that ends makes room for another, which is polled as well.
        let mut looks = this.under_way.len();
        loop {
            while this.under_way.len() < this.concurrency
                && let Some(list) = this.lists.next()
            {
                // Among the lists that have not been polled yet.
                this.under_way.insert(looks, (this.begun, list.items()));
                this.begun += 1;
                looks += 1;
            }
            if looks == 0 {
                return match this.under_way.is_empty() {
                    true => Poll::Ready(None),
                    false => Poll::Pending,
                };
            }
            looks -= 1;
            let Some((number, mut items)) = this.under_way.pop_front() else {
                continue;
            };
            match Pin::new(&mut items).poll_next(context) {
                Poll::Ready(None) => {}
                Poll::Pending => this.under_way.push_back((number, items)),
                Poll::Ready(Some(item)) => {
                    let goes_on = match &item {
                        Ok(_) => true,
                        Err(error) => matches!(error.kind(), ErrorKind::Item | ErrorKind::Changed),
                    };
                    if goes_on {
                        // To the front: its page is in memory, so polling it again is cheap.
                        this.under_way.push_front((number, items));
                    }
                    return Poll::Ready(Some((number, item)));
                }
            }
        }
    }
}

impl<O: ListOperation, I> fmt::Debug for Many<O, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many")
            .field("operation", &O::INFO.name)
            .field("begun", &self.begun)
            .field("under_way", &self.under_way.len())
            .finish_non_exhaustive()
    }
}
