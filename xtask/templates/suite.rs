//! Names of the spec, for tests that need a type for each.

/// Hands the name of each component schema to a macro.
macro_rules! every_component {
    ($then:ident) => {
        $then! {
            __COMPONENTS__
        }
    };
}

pub(crate) use every_component;
