import type { Texts } from './texts.ts';

const times = (count: number) => (count === 1 ? 'una vez' : `${count} veces`);

export const es: Texts = {
  title: 'Un mensaje para usted',
  language: 'Idioma',
  working: 'Un momento…',
  footer: 'El mensaje se descifra en este navegador. El servidor que lo guarda no puede leerlo.',

  from: (sender) => `${sender} le ha enviado un mensaje`,
  fromSomeone: 'Alguien le ha enviado un mensaje',
  sealed: 'Está cifrado y todavía no se ha abierto nada.',
  views: 'Se puede abrir',
  viewsLeft: (left, of) =>
    left === of ? times(left) : left === 1 ? `una vez más de ${of}` : `${left} veces más de ${of}`,
  until: 'Disponible hasta',
  size: 'Tamaño',
  whatHappensLast:
    'Al mostrar el mensaje, aparece aquí por última vez y después se destruye en el servidor. Tenga preparado un lugar seguro para lo que quiera conservar.',
  whatHappensMore: (left) => `Al mostrar el mensaje se gasta una de las ${left} aperturas que quedan.`,
  again: (time) =>
    `Ya ha abierto este mensaje. Este navegador puede mostrarlo de nuevo hasta las ${time}, sin gastar ninguna apertura.`,
  passphrase: 'Frase de contraseña',
  passphraseHint: (attempts) =>
    attempts === 1
      ? 'El remitente se la comunica por otra vía, por ejemplo por teléfono. Le queda un intento; si falla, el mensaje se destruye.'
      : `El remitente se la comunica por otra vía, por ejemplo por teléfono. Tiene ${attempts} intentos; después, el mensaje se destruye.`,
  showPassphrase: 'Mostrar lo que escribo',
  reveal: 'Mostrar el mensaje',

  passphraseMissing: 'Escriba la frase de contraseña.',
  passphraseWrong: (left) =>
    `La frase de contraseña no es correcta. El mensaje sigue ahí. ${left === 1 ? 'Le queda un intento.' : `Le quedan ${left} intentos.`}`,
  tooMany: (seconds) =>
    `Demasiados intentos. El mensaje sigue ahí. Espere ${seconds} s y vuelva a intentarlo.`,
  tryNow: 'Ya puede volver a intentarlo.',
  unavailable:
    'El servidor no puede abrir mensajes en este momento. No se ha gastado ninguna apertura. Vuelva a intentarlo dentro de un minuto.',
  unreachable: 'El servidor no ha respondido. Compruebe su conexión y vuelva a intentarlo.',
  noArgon2:
    'Este navegador no ha podido procesar la frase de contraseña: necesita WebAssembly y 64 MB de memoria libre. No se ha enviado nada. Pruebe con otro navegador.',

  stretching: 'Procesando la frase de contraseña…',
  claiming: 'Abriendo el mensaje…',
  receiving: (percent) => `Recibiendo el mensaje… ${percent} %`,

  interrupted: 'Se ha perdido la conexión',
  interruptedGrace: (time) =>
    `El mensaje no ha llegado completo. Este navegador puede recuperarlo de nuevo hasta las ${time}, sin gastar otra apertura.`,
  interruptedLost:
    'El mensaje no ha llegado completo y se ha gastado una apertura. Si no queda ninguna, pida al remitente que lo envíe otra vez.',
  noConnection: 'Sin conexión',
  tryAgain: 'Volver a intentarlo',

  message: 'Mensaje',
  fields: 'Datos',
  files: 'Archivos',
  nothingInside: 'El mensaje está vacío.',
  hidden: 'oculto',
  show: 'Ver',
  hide: 'Ocultar',
  copy: 'Copiar',
  copyText: 'Copiar el texto',
  copied: 'Copiado',
  copyFailed: 'Seleccionado: pulse Ctrl+C',
  download: 'Descargar',
  preview: 'Vista previa',
  closePreview: 'Cerrar la vista previa',

  clearsIn: 'Se quitará de esta página en',
  keepLonger: 'Mantener más tiempo',
  keptLonger: 'El mensaje sigue aquí 15 minutos más.',
  clearsSoon: (seconds) => `El mensaje se quitará de esta página en ${seconds} segundos.`,
  graceFor: 'Tras recargar, este navegador puede mostrarlo de nuevo durante',
  portalDestroyed: 'El servidor ya no tiene este mensaje. Lo que ve aquí es la última copia.',
  viewsRemain: (left, time) =>
    `Se puede abrir ${left === 1 ? 'una vez más' : `${left} veces más`}, hasta el ${time}.`,
  saved: 'Ya lo he guardado',
  destroy: 'Destruir ahora',
  destroyQuestion: '¿Destruir este mensaje para siempre? Nadie podrá volver a abrirlo.',
  keep: 'Conservarlo',
  notReached: 'El servidor no ha respondido, así que el mensaje puede seguir ahí. Vuelva a intentarlo.',
  noPrint: 'Esta página no imprime mensajes.',

  goneTitle: 'Este mensaje ya no está disponible',
  gone: 'Puede que ya se haya abierto, que su plazo haya terminado o que se haya destruido. Para su protección, el servidor no guarda ningún rastro y no puede decir qué ha ocurrido.',
  destroyed:
    'Usted lo ha destruido. Se ha borrado del servidor y de esta página, y el remitente puede verlo.',
  savedLast: 'Ha indicado que lo ha guardado. Se ha quitado de esta página y del servidor.',
  timedOutLast: 'Se ha quitado de esta página porque su tiempo aquí terminó, y el servidor ya no lo tiene.',
  closedTitle: 'El mensaje se ha quitado de esta página',
  savedMore: 'Ha indicado que lo ha guardado.',
  timedOutMore: 'Su tiempo en esta página terminó.',
  timedOutGrace: 'Este navegador aún puede mostrarlo de nuevo durante un momento.',
  openAgain: 'Volver al mensaje',
  burnt:
    'Se ha escrito una frase de contraseña incorrecta demasiadas veces. Para protegerlo, el mensaje se ha destruido, y el remitente puede verlo.',
  askSender: 'Si todavía lo necesita, pida un enlace nuevo a la persona que se lo envió.',
  notYou: 'Si no lo ha abierto usted, avise al remitente de inmediato: puede que otra persona lo haya leído.',

  damagedTitle: 'El mensaje está dañado',
  damaged:
    'Lo que ha llegado no es lo que el remitente selló, así que no se muestra nada. Pida al remitente que lo envíe otra vez y dígale que llegó dañado.',
  incompleteTitle: 'El enlace está incompleto',
  incomplete:
    'Falta una parte de la dirección o ha cambiado. Vuelva al lugar donde recibió el enlace, cópielo entero hasta el último carácter y ábralo de nuevo. No se ha abierto nada.',
  unsupportedTitle: 'Este navegador no puede abrir el mensaje',
  unsupported:
    'Hace falta un navegador actual (Chrome, Edge, Firefox o Safari) y una dirección https. No se ha abierto nada.',
};
