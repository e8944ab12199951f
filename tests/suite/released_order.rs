//! The order of properties, which is that of the columns of a CSV file.

use xtask::spec::{SPEC, Spec};

use crate::common::root;

/// The properties that do not stand where they stood, of all components.
fn moved(released: &Spec, now: &Spec) -> Vec<String> {
    let components = released.components().map(|(name, _)| name);
    components
        .filter_map(|component| {
            let (then, today) = (
                released.property_names(component),
                now.property_names(component),
            );
            let is_kept = today.starts_with(&then);
            // Without the component nothing is printed of it.
            let is_gone = now.component(component).is_none();
            (!is_kept && !is_gone).then(|| format!("{component}: {then:?} became {today:?}"))
        })
        .collect()
}

#[test]
fn the_columns_of_a_csv_file_are_only_ever_added_to() {
    let released = std::fs::read_to_string(root().join("openapi/released/browse.yaml")).unwrap();
    let released = Spec::parse(&released).unwrap();
    let now = Spec::read(&root()).unwrap();
    assert_eq!(
        moved(&released, &now),
        [""; 0],
        "{SPEC}: add properties at the end"
    );
}

#[test]
fn a_property_in_the_middle_is_told() {
    let now = Spec::read(&root()).unwrap();
    let text = now.text.replacen(
        "\n        title:",
        "\n        rank:\n          type: integer\n        title:",
        1,
    );
    assert_ne!(text, now.text);
    let moved = moved(&now, &Spec::parse(&text).unwrap());
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert!(moved[0].contains("\"rank\", \"title\""), "{moved:?}");
}
