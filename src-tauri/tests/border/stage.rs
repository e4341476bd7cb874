//! The whole program over a runtime without a display, with the rights of the real one.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use motcua_app::embed::{self, Settings};
use motcua_app::ipc::error::ApiError;
use motcua_app::ipc::event::HostEvent;
use motcua_app::preferences::Preferences;
use motcua_app::shell::Shell;
use motcua_app::speech::Speaker;
use motcua_app::start;
use motcua_app::windows::{HALL, MAIN};
use serde_json::{Value, json};
use tauri::http::{HeaderMap, HeaderName, HeaderValue};
use tauri::ipc::{CallbackFn, Channel, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager, WebviewWindow, WebviewWindowBuilder};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The program with both windows, in a folder of its own.
pub(crate) struct Stage {
    app: App<MockRuntime>,
    main: WebviewWindow<MockRuntime>,
    hall: WebviewWindow<MockRuntime>,
    heard: Arc<Mutex<Vec<Value>>>,
    folder: tempfile::TempDir,
}

impl Stage {
    /// A program whose desk cannot be opened: every command that is let in answers so.
    pub(crate) fn empty() -> Self {
        let stage = Self::set();
        stage.app.state::<Shell>().opened(Err(ApiError::DiskFull));
        stage
    }

    /// A program with an open desk and no office yet.
    pub(crate) fn first_run() -> Self {
        let stage = Self::set();
        embed::open_desk(stage.app.handle().clone());
        stage
    }

    fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::alone(folder.path().to_owned());
        let preferences = Preferences::load(folder.path());
        let shell = Shell::new(settings, Speaker::start(Vec::new()).unwrap(), preferences);
        let app = start::fitted(mock_builder(), shell)
            .build(start::context())
            .unwrap();
        let window = |label| {
            WebviewWindowBuilder::new(&app, label, Default::default())
                .build()
                .unwrap()
        };
        let (main, hall) = (window(MAIN), window(HALL));
        let heard = Arc::<Mutex<Vec<Value>>>::default();
        let ear = Arc::clone(&heard);
        let line: Channel<HostEvent> = Channel::new(move |body| {
            if let InvokeResponseBody::Json(text) = body {
                ear.lock()
                    .unwrap()
                    .push(serde_json::from_str(&text).unwrap());
            }
            Ok(())
        });
        app.state::<Shell>().listeners.attach(MAIN, line);
        Self {
            app,
            main,
            hall,
            heard,
            folder,
        }
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command of the desk's window; its answer or its refusal.
    pub(crate) fn ask(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.invoke(MAIN, command, InvokeBody::Json(arguments), HeaderMap::new())
    }

    /// A command that must be done.
    #[track_caller]
    pub(crate) fn done(&self, command: &str, arguments: Value) -> Value {
        self.ask(command, arguments)
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// A file dropped on the desk's window.
    pub(crate) fn drop_file(&self, name: &str, bytes: &[u8]) -> Result<Value, Value> {
        let mut headers = HeaderMap::new();
        let name = HeaderValue::from_str(name).unwrap();
        headers.insert(HeaderName::from_static("x-file-name"), name);
        self.invoke(
            MAIN,
            "add_scan_file",
            InvokeBody::Raw(bytes.to_vec()),
            headers,
        )
    }

    /// A command of the hall window.
    pub(crate) fn ask_from_hall(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.invoke(HALL, command, InvokeBody::Json(arguments), HeaderMap::new())
    }

    /// Whether a window is refused a command before the command sees it.
    pub(crate) fn refused_by_rights(&self, window: &str, command: &str) -> bool {
        let answer = self.invoke(
            window,
            command,
            InvokeBody::Json(json!({})),
            HeaderMap::new(),
        );
        answer.is_err_and(|error| {
            error
                .as_str()
                .is_some_and(|text| text.contains("not allowed"))
        })
    }

    fn invoke(
        &self,
        window: &str,
        command: &str,
        body: InvokeBody,
        headers: HeaderMap,
    ) -> Result<Value, Value> {
        let window = if window == MAIN {
            &self.main
        } else {
            &self.hall
        };
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            // The address of the program's own pages, as the system names it.
            url: if cfg!(windows) {
                "http://tauri.localhost"
            } else {
                "tauri://localhost"
            }
            .parse()
            .unwrap(),
            body,
            headers,
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
    }

    /// Waits until the desk's window has heard an event of this kind since the last wait.
    #[track_caller]
    pub(crate) fn hears(&self, kind: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let mut heard = self.heard.lock().unwrap();
            if let Some(at) = heard.iter().position(|event| event["kind"] == kind) {
                return heard.drain(..=at).next_back().unwrap();
            }
            drop(heard);
            std::thread::sleep(LOOK_EVERY);
        }
        panic!(
            "no event {kind} came; heard: {:?}",
            self.heard.lock().unwrap()
        );
    }

    /// Asks again until the answer is as it should be.
    #[track_caller]
    pub(crate) fn until(
        &self,
        command: &str,
        arguments: &Value,
        is: impl Fn(&Value) -> bool,
    ) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(command, arguments.clone());
            match answer {
                Ok(answer) if is(&answer) => return answer,
                other if Instant::now() > until => panic!("{command} stayed as {other:?}"),
                _ => std::thread::sleep(LOOK_EVERY),
            }
        }
    }
}
