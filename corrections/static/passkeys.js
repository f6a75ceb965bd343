// Asks the browser for a passkey and sends what it answers. The two functions used come with the log-in library.
document.querySelectorAll("form[data-passkey]").forEach(async (form) => {
  const ask = form.dataset.passkey === "register" ? handleRegister : handleSignin;
  const answer = await ask(form.dataset.options);
  if (answer.credential) {
    form.elements.credential.value = answer.credential;
    form.submit();
  } else {
    form.querySelector("[role=status]").hidden = true;
    form.querySelector("[role=alert]").hidden = false;
  }
});
