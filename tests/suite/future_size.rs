//! How much room the future of a call takes, where a user keeps it: in a task, or in a larger future.

use amazon_music::AmazonMusic;

/// Twice the 888 bytes of the same request by hand, with room for spans. A future is moved when it is
/// spawned, and its cold half costs cache misses: at 4,224 bytes a small call had 1,517 of them, by hand 897.
const MAX: usize = 2_500;

#[test]
fn the_future_of_a_call_stays_small() {
    let music = AmazonMusic::builder()
        .base_url("http://127.0.0.1:1")
        .security_profile_id("profile")
        .token("Atza|token")
        .build()
        .unwrap();
    let sizes = [
        ("list", size_of_val(&music.top_tracks().send())),
        ("served", size_of_val(&music.top_tracks().served().send())),
        ("meta", size_of_val(&music.top_tracks().send_with_meta())),
        ("entity", size_of_val(&music.category("id").send())),
    ];
    assert!(sizes.iter().all(|(_, size)| *size <= MAX), "{sizes:?}");
}
