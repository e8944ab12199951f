//! Responses without their list.

use amazon_music::ListOperation;

use crate::notice::notice;

/// Warns if the first page of a list held none. It is read as an empty list, which may not be meant.
pub(crate) fn warn_if_missing<O: ListOperation>(is_missing: bool) {
    if is_missing {
        notice!(
            "warning: {}: the response holds no list; it is read as an empty one",
            O::INFO.words.join(" ")
        );
    }
}
