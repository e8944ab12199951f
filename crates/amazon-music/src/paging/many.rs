//! Many lists at a time.

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

/// Walks many lists, `concurrency` of them at a time (at least one).
///
/// The stream gives each item with the number of its list. The items of one list come in its order;
/// those of different lists come as they arrive. A new list is begun when one ends, so that no more is
/// under way than asked for; a 429 makes all of them wait together. An error other than
/// [`ErrorKind::Item`] ends its own list and no other. Dropping the stream ends all requests.
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

/// Many lists at a time: made by [`many`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Many<O: ListOperation, I> {
    lists: I,
    /// How many lists were begun, which is the number of the next one.
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
        // Each list gets one look; one that has ended makes room for another, which gets its own.
        let mut looks = this.under_way.len();
        loop {
            while this.under_way.len() < this.concurrency
                && let Some(list) = this.lists.next()
            {
                // Among those that have not had their look.
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
                        // First again: its page is at hand, and polling it costs nothing.
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
