// Shows /openapi.json in swagger-ui. The key that somebody types stays in the
// memory of the page.
"use strict";

// A reply that is a stream comes to no end, for which swagger-ui waits before it
// shows anything: such calls cannot be tried here, and their descriptions say how
// else to make them.
const STREAM = "text/event-stream";
const streamsAreNotTried = {
  statePlugins: {
    spec: {
      wrapSelectors: {
        allowTryItOutFor: (allows, { specSelectors }) => (...call) => {
          const [, path, method] = call;
          const content = ["paths", path, method, "responses", "200", "content"];
          return allows(...call) && !specSelectors.specJson().hasIn([...content, STREAM]);
        },
      },
    },
  },
};

window.ui = window.SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("viewer"),
  plugins: [() => streamsAreNotTried],
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  filter: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  // It would send the document to a server of others.
  validatorUrl: null,
});
