// All eight operations, a walk through a list, and errors, against the sandbox.
import assert from "node:assert/strict";
import { client } from "./client.js";
import type { components } from "./generated/browse.js";

type Track = components["schemas"]["Track"];

const baseUrl = process.argv[2] ?? "http://127.0.0.1:4010/v1";
const music = client(baseUrl, "amzn1.application.sandbox", "sandbox-access-token");

/** The data of a response, or a failure that shows its error. */
function good<T>(result: { data?: T; error?: unknown; response: Response }): T {
  assert.equal(result.response.status, 200, JSON.stringify(result.error));
  assert.ok(result.data);
  return result.data;
}

/** Every track of a category, page by page. */
async function* categoryTracks(id: string, limit: number): AsyncGenerator<Track> {
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { limit } : { limit, cursor };
    const result = good(await music.GET("/browse/categories/{id}/tracks", { params: { path: { id }, query } }));
    const page = result.data?.category?.tracks;
    for (const edge of page?.edges ?? []) if (edge.node) yield edge.node;
    cursor = page?.pageInfo?.hasNextPage ? page.pageInfo.token : undefined;
  } while (cursor);
}

const query = { limit: 2 };
const path = { id: "E9UEPoEH" };

const tracks = good(await music.GET("/browse/tracks/top", { params: { query } }));
assert.equal(tracks.data?.topTracks?.edges?.[0]?.node?.title, "Beggin' [Explicit]");

const playlists = good(await music.GET("/browse/playlists/top", { params: { query } }));
assert.equal(playlists.data?.topPlaylists?.edges?.[0]?.node?.images?.[0]?.height, 1280);

const episodes = good(await music.GET("/browse/podcasts/episodes/new", { params: { query } }));
assert.equal(episodes.data?.newPodcastEpisodes?.edges?.[0]?.node?.title, "MURDERED: Billy Stafford");

const categories = good(await music.GET("/browse/categories", { params: { query } }));
const info = categories.data?.browseCategories?.pageInfo;
assert.equal(info?.token, categories.data?.browseCategories?.edges?.at(-1)?.cursor);

const category = good(await music.GET("/browse/categories/{id}", { params: { path } }));
assert.equal(category.data?.category?.categoryType, "GENRE");

const albums = good(await music.GET("/browse/categories/{id}/albums", { params: { path, query } }));
assert.equal(albums.data?.category?.albums?.edges?.[1]?.node?.title, "Lickety Split");

const ofCategory = good(await music.GET("/browse/categories/{id}/playlists", { params: { path, query } }));
assert.equal(ofCategory.data?.category?.playlists?.edges?.length, 2);

const ids = new Set<string>();
for await (const track of categoryTracks(path.id, 100)) ids.add(track.id);
assert.equal(ids.size, 286);

const headers = { "amzn-image-style": "SL160", "X-Amzn-Device-Id": "device-1", "Accept-Language": "es_mx" };
good(await music.GET("/browse/playlists/top", { params: { query, header: headers } }));

const missing = await music.GET("/browse/categories/{id}", { params: { path: { id: "nothing" } } });
assert.equal(missing.response.status, 404);
assert.equal(missing.error?.error?.code, "RESOURCE_NOT_FOUND");

const refused = await client(baseUrl, "amzn1.application.sandbox", "old").GET("/browse/tracks/top");
assert.equal(refused.response.status, 401);
assert.equal(refused.error?.error?.code, "INVALID_ACCESS_TOKEN");

console.log(`typescript: eight operations, ${ids.size} tracks in pages, three headers, two errors`);
