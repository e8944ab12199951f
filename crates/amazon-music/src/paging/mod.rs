//! Lists: one page, streams of pages, streams of items, many lists concurrently.

mod items;
mod list;
mod many;
mod pages;
mod position;
mod prefetch;
mod walk;

pub use items::Items;
pub use list::List;
pub use many::{Many, many};
pub use pages::Pages;
pub use position::Position;
