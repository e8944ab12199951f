// Mistakes that the types reject. Compiled and never run: were one accepted, the compiler would complain
// about the comment above it.
import type { Client } from "openapi-fetch";
import type { paths } from "./generated/browse.js";

export async function mistakes(music: Client<paths>): Promise<void> {
  // @ts-expect-error no such path
  await music.GET("/browse/albums/top");
  // @ts-expect-error a limit is a number
  await music.GET("/browse/tracks/top", { params: { query: { limit: "2" } } });
  // @ts-expect-error a category needs its id
  await music.GET("/browse/categories/{id}", {});
  // @ts-expect-error no other method
  await music.POST("/browse/tracks/top", {});

  const { data, error } = await music.GET("/browse/tracks/top");
  // @ts-expect-error a track has artists, and no artist
  data?.data?.topTracks?.edges?.[0]?.node?.artist;
  // @ts-expect-error a length is a number
  data?.data?.topTracks?.edges?.[0]?.node?.duration?.length;
  // @ts-expect-error no style is a number
  await music.GET("/browse/playlists/top", { params: { header: { "amzn-image-style": 160 } } });
  // @ts-expect-error the status in an error is a string
  if (error?.error?.status === 404) return;
}
