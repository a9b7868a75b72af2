//! Documents in an S3-compatible bucket (OSS, MinIO). An object appears there whole or not at all by itself.

use std::path::Path;
use std::sync::Arc;

use futures::StreamExt;
use kernel::Refusal;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use crate::documents::{is_name, missing, require_whole};
use crate::error::from_io;
use crate::folder::{CHUNK, Incoming};

/// How many parts of a large file travel at the same time.
const PARTS: usize = 4;

#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
}

impl Bucket {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, prefix: &str) -> Self {
        Self {
            store,
            prefix: Key::from(prefix),
        }
    }

    pub(crate) async fn put(&self, bytes: Vec<u8>) -> Result<String, Refusal> {
        let name = hex::encode(Sha256::digest(&bytes));
        self.store
            .put(&self.key(&name), bytes.into())
            .await
            .map_err(|error| failed(&error, &name))?;
        Ok(name)
    }

    /// Reads the file twice: its name must be known before the upload begins.
    pub(crate) async fn put_file(&self, file: &Path) -> Result<String, Refusal> {
        let mut sha = Sha256::new();
        let mut source = Chunks::open(file).await?;
        while let Some(chunk) = source.next().await? {
            sha.update(chunk);
        }
        let name = hex::encode(sha.finalize());
        if self.exists(&name).await? {
            return Ok(name);
        }
        let upload = self.store.put_multipart(&self.key(&name)).await;
        let mut upload = WriteMultipart::new(upload.map_err(|error| failed(&error, &name))?);
        let mut sent = Sha256::new();
        let mut source = Chunks::open(file).await?;
        while let Some(chunk) = source.next().await? {
            upload
                .wait_for_capacity(PARTS)
                .await
                .map_err(|error| failed(&error, &name))?;
            sent.update(chunk);
            upload.write(chunk);
        }
        // The file may have changed between the two readings.
        if let Err(refusal) = require_whole(&name, &hex::encode(sent.finalize())) {
            upload.abort().await.map_err(|error| failed(&error, &name))?;
            return Err(refusal.at(file.display()));
        }
        upload.finish().await.map_err(|error| failed(&error, &name))?;
        Ok(name)
    }

    pub(crate) async fn get(&self, sha256: &str) -> Result<Vec<u8>, Refusal> {
        let found = self
            .store
            .get(&self.key(sha256))
            .await
            .map_err(|error| failed(&error, sha256))?;
        let bytes = found.bytes().await.map_err(|error| failed(&error, sha256))?;
        require_whole(sha256, &hex::encode(Sha256::digest(&bytes)))?;
        Ok(bytes.into())
    }

    pub(crate) async fn get_file(&self, sha256: &str, to: &Path) -> Result<u64, Refusal> {
        let mut incoming = Incoming::beside(to)?;
        let bytes = self.read(sha256, |part| incoming.write(part)).await?;
        incoming.rename(to)?;
        Ok(bytes)
    }

    pub(crate) async fn check(&self, sha256: &str) -> Result<(), Refusal> {
        self.read(sha256, |_| Ok(())).await.map(drop)
    }

    pub(crate) async fn exists(&self, sha256: &str) -> Result<bool, Refusal> {
        match self.store.head(&self.key(sha256)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(&error, sha256)),
        }
    }

    pub(crate) async fn list(&self) -> Result<Vec<String>, Refusal> {
        let mut names = Vec::new();
        let mut listed = self.store.list(Some(&self.prefix));
        while let Some(object) = listed.next().await {
            let object = object.map_err(|error| Refusal::broken("store.documents_unreachable", &error))?;
            names.extend(
                object
                    .location
                    .filename()
                    .filter(|name| is_name(name))
                    .map(str::to_owned),
            );
        }
        Ok(names)
    }

    /// Streams a document past `part` and checks it at the end; answers the number of bytes.
    async fn read(
        &self,
        sha256: &str,
        mut part: impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<u64, Refusal> {
        let found = self
            .store
            .get(&self.key(sha256))
            .await
            .map_err(|error| failed(&error, sha256))?;
        let mut stream = found.into_stream();
        let mut sha = Sha256::new();
        let mut bytes = 0;
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| failed(&error, sha256))?;
            sha.update(&chunk);
            part(&chunk)?;
            bytes += chunk.len() as u64;
        }
        require_whole(sha256, &hex::encode(sha.finalize()))?;
        Ok(bytes)
    }

    fn key(&self, sha256: &str) -> Key {
        self.prefix
            .clone()
            .join(sha256.get(..2).unwrap_or_default())
            .join(sha256)
    }
}

/// A file in pieces.
struct Chunks {
    path: std::path::PathBuf,
    file: File,
    chunk: Vec<u8>,
}

impl Chunks {
    async fn open(path: &Path) -> Result<Self, Refusal> {
        let file = File::open(path).await.map_err(|error| from_io(&error, path))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            chunk: vec![0; CHUNK],
        })
    }

    async fn next(&mut self) -> Result<Option<&[u8]>, Refusal> {
        let read = self
            .file
            .read(&mut self.chunk)
            .await
            .map_err(|error| from_io(&error, &self.path))?;
        Ok(self.chunk.get(..read).filter(|part| !part.is_empty()))
    }
}

fn failed(error: &object_store::Error, sha256: &str) -> Refusal {
    match error {
        object_store::Error::NotFound { .. } => missing(sha256),
        _ => Refusal::broken("store.documents_unreachable", error),
    }
}
