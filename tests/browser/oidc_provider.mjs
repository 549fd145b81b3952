// A real OpenID provider, whose forms take any name: node oidc_provider.mjs LIBRARY PORT REDIRECT
const [library, port, redirect] = process.argv.slice(2);
const { default: Provider } = await import(library);

const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: "byline",
    client_secret: "known-to-both",
    redirect_uris: [redirect],
    post_logout_redirect_uris: [redirect],
  }],
  claims: { openid: ["sub", "name", "groups"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests only"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, groups: id === "ada" ? ["desk"] : [] }),
  }),
  ttl: { IdToken: (context) => (context.oidc.account?.accountId === "brief" ? 8 : 3600) },
});
provider.listen(Number(port), "localhost", () => console.log("ready"));
