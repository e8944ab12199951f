//! A walk through 100 pages over a slow network, with slow consumers.

use std::time::{Duration, Instant};

use crate::{
    peers::{self, ByHand, TopPlaylists},
    roles::{self, Server},
    table::{Table, ratio},
};

const PAGES: usize = 100;

/// How many items a page has.
const ITEMS: usize = 100;

/// The work done with the items; the time is that of a page.
#[derive(Clone, Copy, Debug)]
enum Consumer {
    Nothing,
    /// Awaits, like a writer to a file or a database.
    Awaits(Duration),
    /// Computes, and never yields to other tasks.
    Computes(Duration),
}

impl Consumer {
    async fn take(self, index: usize) {
        match self {
            Self::Nothing => {}
            Self::Awaits(time) => {
                if index % ITEMS == ITEMS - 1 {
                    tokio::time::sleep(time).await;
                }
            }
            Self::Computes(time) => {
                let end = Instant::now() + time / ITEMS as u32;
                while Instant::now() < end {
                    std::hint::spin_loop();
                }
            }
        }
    }
}

/// Prints both tables.
pub(crate) fn print() {
    let server = Server::start();
    let runtime = roles::runtime();
    let timed = |work: peers::Work<'_>| {
        let start = Instant::now();
        assert_eq!(runtime.block_on(work), PAGES * ITEMS);
        start.elapsed().as_secs_f64()
    };

    let table = Table::new(
        "A walk through 100 pages, nothing done with the items",
        "Wall time; without a latency it is the time of two processes on one machine.",
        &[
            "latency",
            "by hand",
            "items()",
            "ratio",
            "items(), prefetch",
            "ratio",
        ],
    );
    let mut networks = Vec::new();
    for latency in [0, 20, 50] {
        let url = server.url(ITEMS, latency, PAGES);
        let hand = timed(Box::pin(by_hand(&url, Consumer::Nothing)));
        let items = timed(Box::pin(items(&url, Consumer::Nothing, false)));
        let ahead = timed(Box::pin(items_ahead(&url, Consumer::Nothing)));
        networks.push(hand);
        table.row(&[
            format!("{latency} ms"),
            format!("{hand:.3} s"),
            format!("{items:.3} s"),
            ratio(items, hand),
            format!("{ahead:.3} s"),
            ratio(ahead, hand),
        ]);
    }

    let table = Table::new(
        "A walk through 100 pages, work done with the items",
        "Wall time as a ratio to the larger of both alone: the network (by hand, above) and the consumer.",
        &[
            "latency",
            "consumer, per page",
            "alone",
            "by hand",
            "items()",
            "items(), prefetch",
        ],
    );
    for (latency, network) in [0, 20, 50].into_iter().zip(networks) {
        let work = Duration::from_millis(latency.max(5));
        let url = server.url(ITEMS, usize::try_from(latency).unwrap(), PAGES);
        for (name, consumer) in [
            ("awaits", Consumer::Awaits(work)),
            ("computes", Consumer::Computes(work)),
        ] {
            let alone = timed(Box::pin(async {
                for index in 0..PAGES * ITEMS {
                    consumer.take(index).await;
                }
                PAGES * ITEMS
            }));
            let ideal = alone.max(network);
            table.row(&[
                format!("{latency} ms"),
                format!("{name} {work:?}"),
                format!("{alone:.3} s"),
                ratio(timed(Box::pin(by_hand(&url, consumer))), ideal),
                ratio(timed(Box::pin(items(&url, consumer, false))), ideal),
                ratio(timed(Box::pin(items_ahead(&url, consumer))), ideal),
            ]);
        }
    }
}

async fn by_hand(url: &str, consumer: Consumer) -> usize {
    let client = ByHand::new(url);
    let (mut count, mut cursor) = (0, None);
    loop {
        let page: TopPlaylists = client
            .page("/browse/playlists/top", 100, cursor.as_deref())
            .await;
        for _ in page.top_playlists.edges {
            consumer.take(count).await;
            count += 1;
        }
        let info = page.top_playlists.page_info;
        if !info.has_next_page {
            return count;
        }
        cursor = info.token;
    }
}

async fn items_ahead(url: &str, consumer: Consumer) -> usize {
    items(url, consumer, true).await
}

async fn items(url: &str, consumer: Consumer, read_ahead: bool) -> usize {
    let mut list = peers::music_at(url).top_playlists();
    if read_ahead {
        list = list.read_ahead();
    }
    let (mut count, mut items) = (0, list.items());
    while let Some(item) = items.next_item().await {
        item.unwrap();
        consumer.take(count).await;
        count += 1;
    }
    count
}
