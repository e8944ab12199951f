//! A crawl of the 300 lists of 100 categories, several lists at a time, 20 ms away.

use std::{future::Future, pin::Pin, time::Instant};

use amazon_music::{AmazonMusic, List, ListOperation};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;

use crate::{
    peers::{self, ByHand, Connection, Track},
    roles::{self, Server},
    table::{Table, ratio},
};

const CATEGORIES: usize = 100;
const LISTS: usize = 3 * CATEGORIES;
const LATENCY: usize = 20;

const ROUNDS: usize = 3;

/// How many items a page has: small pages, so that latency dominates.
const ITEMS: usize = 10;

/// A walk through one list, which returns the number of its items.
type Walk<'a> = Pin<Box<dyn Future<Output = usize> + 'a>>;

/// Prints the table.
pub(crate) fn print() {
    let server = Server::start();
    let runtime = roles::runtime();
    let table = Table::new(
        "A crawl of 300 lists, 20 ms away",
        "The ideal, ceil(calls / concurrency) x latency, divided by the best wall time of three. If whole \
         lists do not divide evenly, 1.000 is out of reach: the last column is the maximum.",
        &[
            "pages per list",
            "concurrency",
            "by hand",
            "items()",
            "many(), 300 lists of albums",
            "maximum",
        ],
    );
    for pages in [1, 3] {
        for concurrency in [8, 32] {
            let url = server.url(ITEMS, LATENCY, pages);
            let ideal = ((LISTS * pages).div_ceil(concurrency) * LATENCY) as f64 / 1000.0;
            let most = (LISTS.div_ceil(concurrency) * pages * LATENCY) as f64 / 1000.0;
            let mut best = [f64::INFINITY; 3];
            for _ in 0..ROUNDS {
                let crawls: [peers::Work<'_>; 3] = [
                    Box::pin(by_hand(&url, concurrency)),
                    Box::pin(items(&url, concurrency)),
                    Box::pin(many(&url, concurrency)),
                ];
                for (best, crawl) in best.iter_mut().zip(crawls) {
                    let start = Instant::now();
                    assert_eq!(runtime.block_on(crawl), LISTS * pages * ITEMS);
                    *best = best.min(start.elapsed().as_secs_f64());
                }
            }
            table.row(&[
                pages.to_string(),
                concurrency.to_string(),
                ratio(ideal, best[0]),
                ratio(ideal, best[1]),
                ratio(ideal, best[2]),
                ratio(ideal, most),
            ]);
        }
    }
}

async fn all<'a>(walks: impl Iterator<Item = Walk<'a>>, concurrency: usize) -> usize {
    let walks = stream::iter(walks).buffer_unordered(concurrency);
    walks.fold(0, async |sum, count| sum + count).await
}

#[derive(Debug, Deserialize)]
struct Response {
    category: Category,
}

#[derive(Debug, Deserialize)]
struct Category {
    #[serde(alias = "albums", alias = "playlists", alias = "tracks")]
    list: Connection<Track>,
}

async fn by_hand(url: &str, concurrency: usize) -> usize {
    let client = &ByHand::new(url);
    let walks = (0..LISTS).map(|list| {
        let kind = ["albums", "playlists", "tracks"][list % 3];
        let path = format!("/browse/categories/category{}/{kind}", list / 3);
        let walk = async move {
            let (mut count, mut cursor) = (0, None);
            loop {
                let page: Response = client.page(&path, 100, cursor.as_deref()).await;
                count += page.category.list.edges.len();
                let info = page.category.list.page_info;
                if !info.has_next_page {
                    return count;
                }
                cursor = info.token;
            }
        };
        Box::pin(walk) as Walk<'_>
    });
    all(walks, concurrency).await
}

async fn items(url: &str, concurrency: usize) -> usize {
    let music = &peers::music_at(url);
    let walks = (0..LISTS).map(|list| {
        let id = id(list / 3);
        match list % 3 {
            0 => walk(music.category_albums(id)),
            1 => walk(music.category_playlists(id)),
            _ => walk(music.category_tracks(id)),
        }
    });
    all(walks, concurrency).await
}

fn walk<'a, O: ListOperation>(list: List<O>) -> Walk<'a> {
    Box::pin(async { list.items().collect_all().await.unwrap().len() })
}

async fn many(url: &str, concurrency: usize) -> usize {
    let music: &AmazonMusic = &peers::music_at(url);
    let lists = (0..LISTS).map(|list| music.category_albums(id(list)));
    let items = amazon_music::many(lists, concurrency);
    items.map(|(_, item)| item.unwrap()).count().await
}

fn id(category: usize) -> String {
    format!("category{category}")
}
