// After a wrong password the user need not be typed again. Kept for this tab alone, and never the password.
(() => {
  const user = document.querySelector("[data-remember]")
  const failed = document.querySelector("[data-test=login-error]")
  try {
    if (failed && !user.value) user.value = sessionStorage.getItem("loom-user") || ""
    user.form.addEventListener("submit", () => sessionStorage.setItem("loom-user", user.value))
  } catch {
    // storage is switched off
  }
  if (failed && user.value) document.querySelector("#password").focus()
})()
