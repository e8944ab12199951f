//! The rate in Lua beside that of `amazon-music`. On a real server: see `SERVER`.
