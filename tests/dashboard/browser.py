"""Chromium without a window, and what is asked of a page: no error, no overflow, contrast, the
keyboard."""
import base64
import pathlib
import shutil
import time

try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By
except ImportError:
    webdriver = None

BINARY, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

# Of every text its colour on what is behind it: [[ratio, needed, text]] of those that fall short.
CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const linear = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const bad = [];
let looked = 0;
for (const e of document.querySelectorAll('body *')) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const shows = own || ((e.tagName === 'INPUT' || e.tagName === 'TEXTAREA') && e.value);
  if (!shows || e.disabled || !e.checkVisibility() || e.closest('.hidden, noscript')) continue;
  const style = getComputedStyle(e);
  const [a, b] = [light(parse(style.color)), light(behind(e))].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  ++looked;
  if (ratio < 4.5) bad.push([ratio.toFixed(2), e.tagName, e.className, e.textContent.slice(0, 40)]);
}
return {looked, bad};
"""
# Marks what the keyboard must reach, and says how many there are.
REACHABLE = """
const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((e) => !e.disabled && e.checkVisibility());
all.forEach((e, i) => e.setAttribute('data-reach', i));
document.activeElement.blur();
return all.length;
"""
# The control with the focus, and whether that is seen.
FOCUSED = """
const e = document.activeElement;
const style = getComputedStyle(e);
return [e.getAttribute('data-reach'), e.outerHTML.slice(0, 80),
  style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
"""


def missing():
    """What of Chromium and its driver is not installed; empty: nothing."""
    absent = [name for name, there in (("chromium", BINARY), ("chromium-driver", DRIVER),
                                       ("python3-selenium", webdriver)) if not there]
    return " ".join(absent)


class Browser:
    def __init__(self, base, shots, language="ko-KR", width=1280, height=900):
        self.base = base
        self.shots = pathlib.Path(shots)
        self.shots.mkdir(parents=True, exist_ok=True)
        options = webdriver.ChromeOptions()
        options.binary_location = BINARY
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--hide-scrollbars", f"--lang={language}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=webdriver.chrome.service.Service(DRIVER),
                                       options=options)
        self.size(width, height)

    def close(self):
        self.driver.quit()

    def size(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def scheme(self, name):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": name}]})

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def open(self, page, anew=False):
        """A page by its address; `anew`: with nothing kept in the tab."""
        if anew:
            self.driver.get("about:blank")
        self.driver.get(f"{self.base}/dashboard/#/{page}")
        self.until(f"the page {page}", "return Boolean(document.querySelector('main > *, #key')) "
                   "&& !document.querySelector('main > p.muted:only-child')")

    def until(self, what, script, seconds=15):
        """Waits until a script says something true; returns that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if answer := self.run(script):
                    return answer
            except WebDriverException:
                pass  # the page is on its way
            time.sleep(0.05)
        self.shot("failed")
        raise SystemExit(f"dashboard: {what}: not within {seconds} s; the page says: "
                         f"{self.text()[:600]}")

    def until_text(self, words, seconds=15):
        self.until(f"the words {words}",
                   f"return document.body.innerText.includes({words!r})", seconds)

    def text(self):
        return self.run("return document.body.innerText")

    def find(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector, text=None):
        """Presses the first control of a selector, or the first that has this text."""
        for element in self.find(selector):
            if text is None or element.text.strip() == text:
                self.run("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
                return
        raise SystemExit(f"dashboard: no {selector} {text or ''} to press")

    def type(self, selector, text):
        element = self.find(selector)[0]
        element.clear()
        element.send_keys(text)

    def shot(self, name):
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 2400),
                "scale": 1}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot",
                                            {"captureBeyondViewport": True, "clip": clip})
        (self.shots / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))

    # --- What is asked of a page ------------------------------------------------------------------
    def errors(self):
        """What the console has complained about since it was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE"]

    def overflow(self):
        """How many pixels the page is wider than the window."""
        return self.run("return document.documentElement.scrollWidth - innerWidth")

    def contrast(self):
        return self.run(CONTRAST)

    def tab(self):
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {
            "type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})

    def keyboard(self):
        """Presses Tab through the page: what it never reaches, and what does not show the focus."""
        count = self.run(REACHABLE)
        reached, unseen = set(), set()
        self.tab()
        for _ in range(count + 5):
            index, what, seen = self.run(FOCUSED)
            if index is not None:
                reached.add(index)
                if not seen:
                    unseen.add(what)
            self.tab()
        lost = [self.run(f"return document.querySelector('[data-reach=\"{i}\"]')"
                         "?.outerHTML.slice(0, 80)")
                for i in range(count) if str(i) not in reached]
        return count, [what for what in lost if what], sorted(unseen)

    def paints(self):
        """Milliseconds from the start of the page to its first paint, and to each mark."""
        return self.run(
            "return Object.fromEntries([...performance.getEntriesByType('paint'),"
            " ...performance.getEntriesByType('mark')].map((e) => [e.name, e.startTime]))")
