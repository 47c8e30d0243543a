//! Pictures on their way to the sites: each goes to each site once in a run, however many notes
//! show it at the same time, and no more of them are held in memory than fit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::sync::{OnceCell, Semaphore, oneshot};

use super::Files;
use crate::{
    error::{Error, Result},
    pictures::{Fonts, Order, Original, Recipe, STACK, make, memory},
    render::{Digest, RemotePicture},
};

/// Memory for pictures that are read, made and sent, in MiB.
const MEMORY: u32 = 1024;
/// What was made is kept for other targets until it takes so much, in bytes.
const KEPT: usize = 64 << 20;

type Once<T> = Arc<OnceCell<T>>;

/// What was sent in this run.
pub struct Uploads {
    /// By target and digest.
    sent: Mutex<HashMap<(String, Digest), Once<RemotePicture>>>,
    made: Mutex<HashMap<Digest, Once<Arc<Vec<u8>>>>>,
    memory: Semaphore,
}

impl Default for Uploads {
    fn default() -> Self {
        let memory = Semaphore::new(MEMORY as usize);
        Self { sent: Mutex::default(), made: Mutex::default(), memory }
    }
}

impl Uploads {
    /// Where a picture is on a target's site, as its first upload in this run said; those who ask
    /// while it is under way wait for it. One that failed is tried again by the next.
    ///
    /// # Errors
    /// What `upload` says.
    pub async fn once(
        &self,
        target: &str,
        digest: &Digest,
        upload: impl Future<Output = Result<RemotePicture>>,
    ) -> Result<RemotePicture> {
        let cell = cell(&self.sent, (target.to_owned(), *digest));
        cell.get_or_try_init(|| upload).await.cloned()
    }

    /// The bytes that an order makes of a note's picture, for as long as `send` takes with them.
    ///
    /// # Errors
    /// A file that changed, or that is not what its outside promised; what `send` says.
    pub async fn with_bytes<T, F: Future<Output = Result<T>>>(
        &self,
        files: &dyn Files,
        (note, src): (&str, &str),
        original: &Original,
        order: &Order,
        send: impl FnOnce(Vec<u8>) -> F,
    ) -> Result<T> {
        let needed = (memory(original, order.recipe) >> 20) + 1;
        let needed = u32::try_from(needed).unwrap_or(MEMORY).min(MEMORY);
        let _held = self.memory.acquire_many(needed).await.map_err(|e| Error::failed(e.to_string()))?;
        let bytes = match order.recipe {
            Recipe::AsItIs => files.bytes(note, src, original)?,
            _ => self.made(files, (note, src), original, order).await?.to_vec(),
        };
        send(bytes).await
    }

    async fn made(
        &self,
        files: &dyn Files,
        (note, src): (&str, &str),
        original: &Original,
        order: &Order,
    ) -> Result<Arc<Vec<u8>>> {
        let cell = cell(&self.made, order.picture.digest);
        let making = || async {
            let bytes = files.bytes(note, src, original)?;
            let draws = matches!(order.recipe, Recipe::Draw { .. });
            let fonts = if draws { files.fonts() } else { Fonts::default() };
            let made = elsewhere(original.clone(), bytes, order.recipe, fonts).await;
            made.map(Arc::new).map_err(|cause| {
                Error::invalid(format!("the picture `{src}` cannot be made ready"))
                    .code("picture")
                    .cause(cause)
                    .help("export it again from the program that it comes from, as PNG or JPEG")
            })
        };
        let made = cell.get_or_try_init(making).await.cloned();
        self.forget();
        made
    }

    /// Forgets what was made once it takes too much; who still sends it has it.
    fn forget(&self) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: usize = made.values().filter_map(|cell| cell.get()).map(|bytes| bytes.len()).sum();
        if kept > KEPT {
            made.clear();
        }
    }
}

/// Makes a picture on a thread of its own: meanwhile intents are renewed and requests go on.
async fn elsewhere(
    original: Original,
    bytes: Vec<u8>,
    recipe: Recipe,
    fonts: Fonts,
) -> Result<Vec<u8>, String> {
    let (tell, told) = oneshot::channel();
    let work = move || {
        // Nobody listens any more where the step was given up.
        let _ = tell.send(make(&original, bytes, recipe, &fonts));
    };
    thread::Builder::new().stack_size(STACK).spawn(work).map_err(|e| e.to_string())?;
    told.await.map_err(|e| e.to_string())?
}

fn cell<K: Eq + std::hash::Hash, T>(cells: &Mutex<HashMap<K, Once<T>>>, key: K) -> Once<T> {
    cells.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone()
}
