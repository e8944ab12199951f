//! `mcp`: the operations as tools, spoken to in JSON-RPC by hand.

mod errors;
mod lists;
mod protocol;
mod session;
mod tools;
