// Says at a field what is wrong with it, in the browser's words, when one leaves the field or sends the form. The server's
// rules remain the truth: without this script, and past it, they are the same.
'use strict';

{
  function showValidity(field) {
    const id = `${field.id}-error`;
    let note = document.getElementById(id);
    const valid = field.checkValidity();
    field.toggleAttribute('aria-invalid', false);
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((name) => name && name !== id);
    if (valid) {
      note?.remove();
    } else {
      if (!note) {
        note = document.createElement('p');
        note.id = id;
        note.className = 'error';
        field.closest('.field').append(note);
      }
      note.textContent = field.validationMessage;
      field.setAttribute('aria-invalid', 'true');
      described.push(id);
    }
    if (described.length > 0) field.setAttribute('aria-describedby', described.join(' '));
    else field.removeAttribute('aria-describedby');
    return valid;
  }

  for (const form of document.querySelectorAll('form[data-validate]')) {
    const fields = [...form.elements].filter((field) => field.willValidate && field.closest('.field'));
    form.noValidate = true;
    for (const field of fields) {
      field.addEventListener('blur', () => { if (field.value !== field.defaultValue || field.hasAttribute('aria-invalid')) showValidity(field); });
      field.addEventListener('input', () => { if (field.hasAttribute('aria-invalid')) showValidity(field); });
    }
    form.addEventListener('submit', (event) => {
      const wrong = fields.filter((field) => !showValidity(field));
      if (wrong.length === 0) return;
      event.preventDefault();
      wrong[0].focus();
    });
  }

  /** An amount as the server reads it (Amount.cs); NaN for what is none, or could mean two things. */
  function amountOf(text) {
    const typed = text.trim().replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/g, '');
    if (/^(?:\d+|\d*[.,]\d{1,2})$/.test(typed)) return Number(typed.replace(',', '.'));
    const grouped = typed.match(/^(?<whole>[1-9]\d{0,2}(?<group>[.,])\d{3}(?<more>(?:\k<group>\d{3})+)?)(?:(?!\k<group>)[.,](?<cents>\d{1,2}))?$/)?.groups;
    const isClear = grouped && (grouped.cents || grouped.more || grouped.group === (1000).toLocaleString(language)[1]);
    return isClear ? Number(`${grouped.whole.replaceAll(grouped.group, '')}.${grouped.cents ?? 0}`) : NaN;
  }

  // What a seller types: the price for one, and how many.
  const typed = (form) => ({
    price: amountOf(form.elements['Form.Price'].value),
    quantity: Number(form.elements['Form.Quantity'].value),
  });
  const moneyIn = (currency) => new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase(), currencyDisplay: 'narrowSymbol' });

  // What buyers will see, and what it comes to.
  for (const preview of document.querySelectorAll('[data-price-preview]')) {
    const { form } = preview;
    const money = moneyIn(preview.dataset.pricePreview);
    const show = () => {
      const { price, quantity } = typed(form);
      const known = price > 0 && price <= 1e6;
      preview.hidden = !known;
      if (!known) return;
      preview.textContent = preview.dataset.words.replace('{0}', money.format(price)) +
        (quantity > 1 ? ` ${preview.dataset.allWords.replace('{0}', money.format(price * quantity))}` : '');
    };
    form.addEventListener('input', show);
    show();
  }

  // Which orders of it no card can pay: the same as CardWarning.cs says once it is listed.
  for (const warning of document.querySelectorAll('[data-card-warning]')) {
    const { form, dataset: words } = warning;
    const money = moneyIn(words.cardWarning);
    const say = (price, most) => {
      const [atLeast, atMost] = [Math.ceil(words.smallest / price), Math.floor(words.largest / price)];
      if (atMost === 0) return words.tooMuch.replace('{0}', money.format(words.largest / 100));
      if (atLeast > most) return words.tooLittle.replace('{0}', money.format(words.smallest / 100));
      if (atLeast > 1) return words.atLeast.replace('{0}', atLeast);
      return atMost < most ? words.atMost.replace('{0}', atMost) : '';
    };
    const show = () => {
      const { price, quantity } = typed(form);
      const text = price >= 0.01 && price <= 1e6 && quantity >= 1 ? say(Math.round(price * 100), Math.min(quantity, words.mostInOrder)) : '';
      if (warning.textContent !== text) warning.textContent = text;
      warning.hidden = !text;
    };
    form.addEventListener('input', show);
    show();
  }
}
