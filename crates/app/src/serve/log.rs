//! One line a request, and its count in the metrics: number, method, route, status, duration, bytes. Nothing else of a
//! request is known here, so nothing else can be said.

use std::sync::Arc;
use std::time::Instant;

use axum::http::Method;

use super::metrics::Metrics;

/// A request that was answered; said when it is dropped, which is when the last byte is out or the reader is gone.
pub struct Answered {
    /// The number under which it is known.
    pub number: String,
    /// One of the known methods.
    pub method: &'static str,
    /// The template of its route.
    pub route: String,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// When it came.
    pub since: Instant,
    /// Where it is counted.
    pub metrics: Arc<Metrics>,
}

impl Drop for Answered {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        self.metrics
            .answered(&self.route, self.method, self.status, took, self.bytes);
        let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        // What machines ask every few seconds is not for the log of every day.
        if super::probes::is_probe(&self.route) {
            tracing::debug!(
                request = self.number,
                method = self.method,
                route = self.route,
                status = self.status,
                duration_us,
                bytes = self.bytes,
                "answered"
            );
        } else {
            tracing::info!(
                request = self.number,
                method = self.method,
                route = self.route,
                status = self.status,
                duration_us,
                bytes = self.bytes,
                "answered"
            );
        }
    }
}

/// The method by its name, where it is one of those that everybody knows: any word may be sent as one.
pub fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
