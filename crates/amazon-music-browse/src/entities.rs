//! Conveniences over the fields of entities.

use std::time::Duration;

use crate::types::{Album, Image, Playlist, Track};

/// Implements `length` from the field `duration`.
macro_rules! length {
    ($($entity:ident $name:literal,)*) => {$(
        impl $entity {
            /// The length, from `duration`; nothing if that is absent, negative or no number of seconds.
            ///
            /// ```
            #[doc = concat!("use amazon_music_browse::types::", stringify!($entity), ";")]
            ///
            #[doc = concat!("let mut ", $name, " = ", stringify!($entity), "::new(\"a\");")]
            #[doc = concat!("assert_eq!(", $name, ".length(), None);")]
            #[doc = concat!($name, ".duration = Some(161.0);")]
            #[doc = concat!("assert_eq!(", $name, ".length(), Some(std::time::Duration::from_secs(161)));")]
            /// ```
            #[must_use]
            pub fn length(&self) -> Option<Duration> {
                Duration::try_from_secs_f64(self.duration?).ok()
            }
        }
    )*};
}

/// Implements `track_total` and `image_for_width` from the fields `track_count` and `images`.
macro_rules! collection {
    ($($entity:ident $name:literal,)*) => {$(
        impl $entity {
            /// The number of tracks, from `track_count`; nothing if that is absent or no whole number.
            ///
            /// ```
            #[doc = concat!("use amazon_music_browse::types::", stringify!($entity), ";")]
            ///
            #[doc = concat!("let mut ", $name, " = ", stringify!($entity), "::new(\"a\");")]
            #[doc = concat!($name, ".track_count = Some(25.0);")]
            #[doc = concat!("assert_eq!(", $name, ".track_total(), Some(25));")]
            #[doc = concat!($name, ".track_count = Some(2.5);")]
            #[doc = concat!("assert_eq!(", $name, ".track_total(), None);")]
            /// ```
            #[must_use]
            pub fn track_total(&self) -> Option<u64> {
                whole(self.track_count?)
            }

            /// The image to show at a width in pixels, of whatever type: see [`Image::for_width`].
            ///
            /// ```
            #[doc = concat!("use amazon_music_browse::types::", stringify!($entity), ";")]
            ///
            #[doc = concat!("let ", $name, ": ", stringify!($entity), " = serde_json::from_str(")]
            ///     r#"{"id":"a","images":[{"url":"large","width":500},{"url":"small","width":160}]}"#,
            /// )?;
            #[doc = concat!("let image = ", $name, ".image_for_width(100).unwrap();")]
            /// assert_eq!(image.url.as_deref(), Some("small"));
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            #[must_use]
            pub fn image_for_width(&self, width: u32) -> Option<&Image> {
                Image::for_width(&self.images, width)
            }
        }
    )*};
}

length!(Album "album", Playlist "playlist", Track "track",);
collection!(Album "album", Playlist "playlist",);

impl Image {
    /// The image to show at a width in pixels: the smallest that is at least as wide, or else the widest.
    /// Images whose width is unknown (absent or 0) come last, and those without a URL are left out. Of
    /// images of one width the first is chosen.
    ///
    /// ```
    /// use amazon_music_browse::types::{Image, ImageType};
    ///
    /// let images: Vec<Image> = serde_json::from_str(
    ///     r#"[{"url":"b","width":2560,"imageType":"BACKGROUND"},
    ///         {"url":"p","width":500,"imageType":"PROFILE"}]"#,
    /// )?;
    /// let profile = |image: &&Image| image.image_type == Some(ImageType::Profile);
    /// let image = Image::for_width(images.iter().filter(profile), 1000).unwrap();
    /// assert_eq!(image.url.as_deref(), Some("p"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn for_width<'a>(
        images: impl IntoIterator<Item = &'a Self>,
        width: u32,
    ) -> Option<&'a Self> {
        let wanted = i64::from(width);
        let shown = images.into_iter().filter(|image| image.url.is_some());
        shown.min_by_key(|image| match image.width.unwrap_or_default() {
            ..=0 => (2, 0),
            own if own >= wanted => (0, own),
            own => (1, -own),
        })
    }
}

/// A float that is a whole number, as one.
fn whole(number: f64) -> Option<u64> {
    /// Beyond this, floats are no longer exact and a whole number would be made up.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && (0.0..=EXACT).contains(&number);
    is_whole.then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_number_of_seconds() {
        let length = |duration| {
            let mut track = Track::new("a");
            track.duration = duration;
            track.length()
        };
        for (duration, wanted) in [
            (None, None),
            (Some(0.0), Some(Duration::ZERO)),
            (Some(1.5), Some(Duration::from_millis(1500))),
            (Some(-1.0), None),
            (Some(f64::NAN), None),
            (Some(f64::INFINITY), None),
            (Some(1e30), None),
        ] {
            assert_eq!(length(duration), wanted, "{duration:?}");
        }
    }

    #[test]
    fn a_total_is_a_whole_number() {
        for (number, wanted) in [
            (0.0, Some(0)),
            (-0.0, Some(0)),
            (25.0, Some(25)),
            (2.5, None),
            (-1.0, None),
            (1e300, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(whole(number), wanted, "{number}");
        }
    }

    #[test]
    fn the_smallest_image_that_fits_is_chosen_or_the_widest() {
        let images: Vec<Image> = serde_json::from_str(
            r#"[{"url":"unknown"},{"url":"zero","width":0},{"url":"500","width":500},
                {"url":"160","width":160},{"url":"160 too","width":160},{"width":200}]"#,
        )
        .unwrap();
        let chosen = |width| Image::for_width(&images, width).unwrap().url.as_deref();
        for (width, wanted) in [
            (0, "160"),
            (160, "160"),
            (161, "500"),
            (500, "500"),
            (501, "500"),
            (u32::MAX, "500"),
        ] {
            assert_eq!(chosen(width), Some(wanted), "{width}");
        }
        let first = Image::for_width(&images[..2], 100).unwrap();
        assert_eq!(first.url.as_deref(), Some("unknown"));
        assert_eq!(Image::for_width(&[], 100), None);
    }
}
