//! What every token store and every pace must do, whoever keeps them: checks for the ones of this workspace,
//! and to copy for one of your own.

pub(crate) mod pace;
pub(crate) mod token_store;
