//! All tables but that of allocations; given names, those only.

fn main() {
    amazon_music_bench::roles::run();
}
