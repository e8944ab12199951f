//! The way of a call: credentials, one request, one error type.

use std::future::Future;

use amazon_music_browse::{Client, Probe, ResponseValue, types::ErrorEnvelope};

use crate::{AmazonMusic, Error, error::classify, meta::WithMeta, operation::Reply};

impl AmazonMusic {
    /// Calls any operation of the generated client with this client's credentials and errors.
    ///
    /// The closure is given a client that is good for one attempt, and may be called again.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let answer = music
    ///     .call(|client| async move { client.get_top_tracks().limit(5).send().await })
    ///     .await?;
    /// println!("{:?}", answer.value.data);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn call<T, F, R>(&self, operation: F) -> Result<WithMeta<T>, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Result<ResponseValue<T>, amazon_music_browse::Error<ErrorEnvelope>>>,
    {
        let probe = Probe::default();
        let client = Client::new_with_client(
            &self.shared.base_url,
            self.shared.http.clone(),
            self.shared.settings.clone().probe(probe.clone()),
        );
        let reply: Reply<T> = operation(client).await;
        match reply {
            Ok(answer) => Ok(WithMeta::new(answer, &probe.seen())),
            Err(error) => Err(classify(error, probe.seen(), &self.secrets()).await),
        }
    }

    /// What must not stand in an error, whoever sent it.
    fn secrets(&self) -> [&str; 2] {
        [
            self.shared.token.expose(),
            self.shared.security_profile_id.expose(),
        ]
    }
}
