//! The input method on WebKitGTK.

use tauri::{Runtime, WebviewWindow};
use webkit2gtk::{InputMethodContextExt, WebViewExt};

/// Lets the input method show the word that is being typed inside the field itself.
///
/// The web view is delivered with this off: a Vietnamese word is then invisible until it is finished,
/// and lost when the person clicks elsewhere before that. The mock runtime of tests has no web view and
/// never runs the closure.
pub(super) fn show_unfinished_words<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let label = window.label().to_owned();
    window.with_webview(
        move |webview| match webview.inner().input_method_context() {
            Some(input_method) => input_method.set_enable_preedit(true),
            None => tracing::warn!(label, "the window has no input method"),
        },
    )
}
