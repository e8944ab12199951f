//! Lists as streams: a thin asynchronous shell over the state machine of [`walk`](crate::walk).

mod items;
mod pages;

pub use items::Items;
pub use pages::Pages;
