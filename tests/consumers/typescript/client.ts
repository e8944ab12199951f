// A typed client of the generated paths, with both credentials on every request.
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./generated/browse.js";

export function client(baseUrl: string, profile: string, token: string): Client<paths> {
  return createClient<paths>({
    baseUrl,
    headers: { "x-api-key": profile, Authorization: `Bearer ${token}` },
  });
}
