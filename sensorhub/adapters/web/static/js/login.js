// Says when the last token was wrong, and takes a token from the address (#token), which never goes to a server log.
const token = decodeURIComponent(location.hash.slice(1));
if (location.search === "?wrong") document.getElementById("wrong").textContent = "That is not the token. Try again.";
if (token) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
  document.querySelector("form").requestSubmit();
}
