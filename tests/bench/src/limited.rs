//! An export of the sandbox through a proxy that limits requests, once for real: on the system clock.

pub(crate) mod proxy;

use std::time::Instant;

use amazon_music::{AmazonMusic, List, ListOperation};
use futures_util::{StreamExt as _, future::LocalBoxFuture, stream};

use crate::{roles, table::Table};
use proxy::Proxy;

/// Rate, burst, and the most that the wall time may be of the ideal.
const LIMITS: [(f64, f64, f64); 2] = [(50.0, 1.0, 1.4), (10.0, 5.0, 1.2)];

const CONCURRENCY: usize = 16;

/// Prints the table.
pub(crate) fn print() {
    let table = Table::new(
        "Pace: an export of the sandbox through a limiting proxy",
        "On the system clock, 16 lists at a time, without `Retry-After`: the wall time as a ratio to the \
         ideal, (pages - burst) / rate.",
        &[
            "limit",
            "at most",
            "pages",
            "ideal",
            "wall time",
            "ratio",
            "refused",
        ],
    );
    for (rate, burst, most) in LIMITS {
        let proxy = Proxy::start(rate, burst);
        let music = AmazonMusic::builder()
            .base_url(&proxy.url)
            .security_profile_id(&*proxy.profile)
            .token(&*proxy.token)
            .build()
            .unwrap();
        let start = Instant::now();
        roles::block_on(export(&music));
        let wall = start.elapsed().as_secs_f64();
        let (pages, refused) = proxy.counts();
        let ideal = (pages as f64 - burst) / rate;
        table.row(&[
            format!("{rate} a second, burst {burst}"),
            format!("{most:.1}"),
            pages.to_string(),
            format!("{ideal:.1} s"),
            format!("{wall:.1} s"),
            format!("{:.3}", wall / ideal),
            refused.to_string(),
        ]);
    }
}

/// Reads every list of every category.
async fn export(music: &AmazonMusic) {
    let categories = music.categories().items().collect_all().await.unwrap();
    let lists = categories.iter().flat_map(|category| {
        let id = &*category.id;
        [
            walk(music.category_albums(id)),
            walk(music.category_playlists(id)),
            walk(music.category_tracks(id)),
        ]
    });
    let lists = stream::iter(lists).buffer_unordered(CONCURRENCY);
    lists.for_each(async |()| {}).await;
}

fn walk<'a, O: ListOperation>(list: List<O>) -> LocalBoxFuture<'a, ()> {
    Box::pin(async {
        list.items().collect_all().await.unwrap();
    })
}
