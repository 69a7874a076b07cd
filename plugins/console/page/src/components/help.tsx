import { useEffect, useRef } from 'preact/hooks'
import { isHelpOpen } from '../keys.ts'
import { words } from '../words/words.ts'

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = isHelpOpen.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])

  const { keys, close } = words()
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-heading"
      onClose={() => {
        isHelpOpen.value = false
      }}
    >
      <h2 id="help-heading">{keys.heading}</h2>
      <dl>
        {keys.rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="primary" onClick={() => dialog.current?.close()}>
        {close}
      </button>
    </dialog>
  )
}
