//! The corpus of the fuzz target, replayed.

use crate::common::root;

#[test]
fn every_input_of_the_corpus_is_decoded_or_rejected() {
    let folder = root().join("tests/fuzz/corpus/responses");
    let mut replayed = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        amazon_music::fuzzing::answers(&std::fs::read(entry.unwrap().path()).unwrap());
        replayed += 1;
    }
    assert!(replayed >= 40, "only {replayed} inputs");
}
