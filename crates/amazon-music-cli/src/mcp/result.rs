//! The result of a call: structured data, and the same as text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

use crate::mcp::failure::ToolError;
use crate::output::json::for_terminal;

/// A result. In the text each invisible character is an escape of JSON, so that nothing can hide in it.
pub(super) fn result(outcome: Result<Value, ToolError>) -> CallToolResult {
    let is_error = outcome.is_err();
    let value = outcome.unwrap_or_else(|error| json!({ "error": error }));
    let text = for_terminal(value.to_string().into()).into_owned();
    let content = vec![ContentBlock::text(text)];
    let mut result = if is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    result.structured_content = Some(value);
    result
}
