//! Rich nodes: the fields that other pages of the documentation show of an entity, and two that no page shows.

use serde_json::{Value, json};

use crate::{
    catalog::{
        entity::Kind,
        synthetic::{asin, date, pick, seed, title},
    },
    random::mix,
};

/// Adds all other documented fields to a node.
pub(super) fn enrich(kind: Kind, node: &mut Value, list: &str, index: usize) {
    let seed = seed(list, index);
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let (id, title) = (text("id"), text("title"));
    let fields = match kind {
        Kind::Track => track(&id, &title, seed),
        Kind::Album => album(&id, &title, seed),
        Kind::Playlist => playlist(seed),
        Kind::Category => json!({
            "url": format!("https://music.amazon.com/genres/{id}"),
            "categoryType": "GENRE",
        }),
        Kind::Episode => json!({}),
    };
    let Some(node) = node.as_object_mut() else {
        return;
    };
    if let Value::Object(fields) = fields {
        node.extend(fields);
    }
    if kind == Kind::Playlist
        && let Some(image) = node.get_mut("images").and_then(|images| images.get_mut(0))
    {
        image["imageType"] = "PRIMARY".into();
    }
}

/// Adds two fields that the documentation does not have: a client must not lose them, nor fail.
pub(crate) fn add_undocumented(node: &mut Value, list: &str, index: usize) {
    let rank = seed(list, index) % 1000;
    node["sandboxNote"] = "This field is documented nowhere.".into();
    node["sandboxDetails"] =
        json!({"tags": ["a", "b"], "rank": rank, "score": 0.5, "parent": null});
}

fn track(id: &str, title: &str, seed: u64) -> Value {
    let album = asin(mix(seed ^ 1));
    json!({
        "globalAsin": id,
        "shortTitle": short(title),
        "duration": duration(seed),
        "album": {
            "id": album,
            "title": self::title(mix(seed ^ 1)),
            "url": format!("https://music.amazon.com/albums/{album}"),
        },
        "releaseDate": date(seed),
        "isrc": format!("USQ4E{:07}", seed % 10_000_000),
        "artists": [artist(seed)],
        "musicTerritory": territory(),
        "market": market(),
        "eligibility": eligibility(),
    })
}

fn album(id: &str, title: &str, seed: u64) -> Value {
    let count = 8 + seed % 8;
    let track = mix(seed ^ 7);
    json!({
        "globalAsin": id,
        "localAsin": id,
        "shortTitle": short(title),
        "duration": count * 211,
        "release": {"date": date(seed)},
        "releaseDate": date(seed),
        "musicTerritory": territory(),
        "market": market(),
        "availableMarkets": [market()],
        "artists": [artist(seed)],
        "eligibility": eligibility(),
        "parentalSettings": {"isKidFriendly": false, "hasExplicitLanguage": seed.is_multiple_of(11)},
        "tracks": [{
            "id": asin(track),
            "title": self::title(track),
            "url": format!("https://music.amazon.com/albums/{id}"),
        }],
        "trackCount": count,
        "images": [{
            "height": 1800,
            "width": 1800,
            "url": format!("https://m.media-amazon.com/images/I/71{}L.jpg", &asin(track)[2..]),
        }],
        "label": format!("{} Records", pick(&super::synthetic::FIRST, mix(seed ^ 8))),
        "audioQualities": ["SD", "HD"],
    })
}

fn playlist(seed: u64) -> Value {
    json!({
        "curator": {"id": asin(mix(seed ^ 9)).to_lowercase()},
        "eligibility": {
            "playback": {"canPlayOnDemand": true, "shuffleType": "INLINE"},
            "playbackSubscriptionTiers": [],
            "isDownloadable": false,
            "isPurchaseable": false,
            "isPreviewable": false,
            "isPrimeEligible": false,
        },
        "visibility": "PRIVATE",
    })
}

fn artist(seed: u64) -> Value {
    let id = asin(mix(seed ^ 10));
    json!({
        "id": id,
        "name": title(mix(seed ^ 10)),
        "url": format!("https://music.amazon.com/artists/{id}"),
    })
}

fn territory() -> Value {
    json!({"code": "US", "territoryName": "United States"})
}

fn market() -> Value {
    json!({"id": "US", "name": "United States"})
}

fn eligibility() -> Value {
    json!({
        "isDownloadable": true,
        "isPurchaseable": true,
        "isPreviewable": true,
        "isPrimeEligible": false,
    })
}

fn short(title: &str) -> &str {
    title.trim_end_matches(" [Explicit]")
}

fn duration(seed: u64) -> u64 {
    120 + seed % 240
}
