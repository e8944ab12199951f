// Entities as rich as the documentation shows them, with every field typed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { components } from "./generated/browse.js";

type Schemas = components["schemas"];

function read<Name extends "Track" | "Album" | "Playlist">(name: Name): Schemas[Name] {
  const url = new URL(`../../../fixtures/entities/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Schemas[Name];
}

const track = read("Track");
const length: number = track.duration ?? 0;
assert.equal(length, 232);
assert.equal(track.isrc, "USQ4E1300686");
assert.equal(track.album?.title, "G I R L");
assert.equal(track.artists?.[0]?.name, "Pharrell Williams");
assert.equal(track.musicTerritory?.code, "US");
assert.equal(track.market?.name, "United States");
assert.equal(track.eligibility?.isPrimeEligible, false);

const album = read("Album");
assert.deepEqual(album.audioQualities, ["SD", "HD"]);
assert.equal(album.tracks?.[0]?.title, "One More Time");
assert.equal(album.availableMarkets?.[0]?.id, "US");
assert.equal(album.parentalSettings?.hasExplicitLanguage, false);
assert.equal(album.images?.[0]?.width, 1800);
const date: unknown = album.release?.["date"];
assert.equal(date, album.releaseDate);

const playlist = read("Playlist");
assert.equal(playlist.curator?.id, "yy7aiqasggy2violdby46fka");
assert.equal(playlist.visibility, "PRIVATE");
assert.equal(playlist.images?.[0]?.imageType, "PRIMARY");
assert.equal(playlist.eligibility?.playback?.shuffleType, "INLINE");
const tiers: unknown[] = playlist.eligibility.playbackSubscriptionTiers ?? [];
assert.equal(tiers.length, 0);

console.log("typescript: a rich track, album and playlist");
