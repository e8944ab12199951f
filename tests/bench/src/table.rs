//! Tables in Markdown.

/// A table that is printed row by row.
#[derive(Debug)]
pub(crate) struct Table {
    columns: usize,
}

impl Table {
    /// Prints the title, a note on the measurement, and the head of the table.
    #[must_use]
    pub(crate) fn new(title: &str, what: &str, columns: &[&str]) -> Self {
        println!("\n## {title}\n\n{what}\n");
        println!("| {} |", columns.join(" | "));
        println!("|{}", "---|".repeat(columns.len()));
        Self {
            columns: columns.len(),
        }
    }

    /// Prints a row.
    pub(crate) fn row(&self, cells: &[String]) {
        assert_eq!(cells.len(), self.columns);
        println!("| {} |", cells.join(" | "));
    }
}

/// Formats a ratio.
#[must_use]
pub(crate) fn ratio(of: f64, to: f64) -> String {
    format!("{:.3}", of / to)
}

/// The median.
#[must_use]
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
