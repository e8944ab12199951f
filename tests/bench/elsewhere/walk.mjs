// A walk through so many pages of playlists: node walk.mjs fetch|openapi-fetch URL PAGES

const [way, url, pages] = process.argv.slice(2);
const headers = { "x-api-key": "profile", authorization: "Bearer token" };

async function withFetch(query) {
  const parameters = new URLSearchParams(query);
  const response = await fetch(`${url}/browse/playlists/top?${parameters}`, { headers });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

async function withClient() {
  const { default: createClient } = await import("openapi-fetch");
  const client = createClient({ baseUrl: url, headers });
  return async (query) => {
    const { data, error } = await client.GET("/browse/playlists/top", { params: { query } });
    if (error) throw new Error(JSON.stringify(error));
    return data;
  };
}

const ask = way === "fetch" ? withFetch : await withClient();
let length = 0;
let query = { limit: 100 };
for (let page = 0; page < Number(pages); page++) {
  const connection = (await ask(query)).data.topPlaylists;
  for (const edge of connection.edges) length += edge.node.id.length;
  query = { limit: 100, cursor: connection.pageInfo.token };
}
console.log(length);
