// Notifications on whatever page is open: how many are unread, and a notice when there is a new one.
'use strict';

{
  const bell = document.querySelector('[data-bell]');
  const toasts = document.querySelector('[data-toasts]');
  const told = new Set();
  const mostToasts = 3;

  function showUnread({ unread }) {
    const count = bell.querySelector('[data-unread]');
    count.hidden = unread === 0;
    count.textContent = unread >= 100 ? '99+' : unread;
    bell.querySelector('[data-unread-words]').textContent = unread === 0 ? '' : bell.dataset.words.replace('{0}', count.textContent);
  }

  function showToast(notification) {
    if (told.has(notification.id)) return;
    told.add(notification.id);
    const toast = document.createElement('div');
    toast.className = 'toast';
    const link = document.createElement('a');
    link.href = `/tickets/${notification.ticketId}`;
    link.textContent = notification.text;
    const dismiss = document.createElement('button');
    dismiss.type = 'button';
    dismiss.className = 'quiet';
    dismiss.textContent = toasts.dataset.dismiss;
    dismiss.addEventListener('click', () => toast.remove());
    toast.append(link, dismiss);
    toasts.append(toast);
    while (toasts.children.length > mostToasts) toasts.firstElementChild.remove();
    lookAtBell();
  }

  const load = (src) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { src, onload: resolve, onerror: reject });
    document.head.append(script);
  });

  // Only some pages bring the socket's scripts for themselves.
  let lookAtBell = () => {};
  (async () => {
    if (!window.signalR) await load('/lib/signalr/signalr.min.js');
    if (!window.keepLive) await load('/js/live.js');
    lookAtBell = keepLive({
      url: '/live/notifications',
      show: showUnread,
      messages: { notification: showToast, order: (view) => { if (view.verdict) endHold(view.id); } },
      begin: (socket) => socket.invoke('WatchOrders'),
      pollMs: 30000,
      lookMs: 300000,
    });
  })();
}
