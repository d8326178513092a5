// Shows /openapi.json in swagger-ui. The key that somebody types stays in the
// memory of the page.
"use strict";

window.ui = window.SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("viewer"),
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
